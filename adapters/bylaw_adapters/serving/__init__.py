"""
What every HTTP door needs and no door is: bounded bodies, who is asking and whether they may, one way to decide, one
form of errors, and the process around it. The doors import this; it imports no door.
"""
