"""What the person sees: screens and commands. All data comes from the agent."""
