"""Documents, certificates, exports, files taken in."""
