"""
The demo organization *Northwind Utilities*: invented, reproducible, made by the services only.

`loading.load_demo` builds it; the other modules say what is in it.
"""
