"""The checks of the labs: what a lab's check cell calls, and some parts that a lab is given.

    from ganedu.lab_checks import lab1 as checks
    checks.softplus(softplus)               # "softplus: right", or one line with the mistake

One function a function of the student's.  A check brings the reference parts that it needs:
while it calls a function of Task 4, those of Tasks 1 to 3 are ours, so one slip costs one task.
`seed` draws other inputs; the numbers in the lab are those of seed 0, grading takes others.

A check only *asks* the student's functions for numbers (`common.run`) and judges these itself.
So `tools.grade` can let the student's code run in another process than the check.
"""
