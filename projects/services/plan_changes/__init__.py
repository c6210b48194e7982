"""
Steps of a plan: many changes in one go, one dating, one line for each row in the trail, and a way back.

``acts`` are what a person asks for, ``board`` the plan while they are done, ``journal`` what they changed,
``steps`` the verbs: do, try, undo.
"""
