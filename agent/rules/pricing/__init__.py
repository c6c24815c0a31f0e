"""What the fund pays for a piece of care: base, rate, deductions, step by step."""
