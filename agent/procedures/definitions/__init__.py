"""The procedures, one file each: ``PROCEDURE`` declares everything."""
