"""
Reports on a law and on what is judged by it: how many policies there are and how decisions went (``policies``), and
which products keep the law (``compliance``). Figures only; what is said of a product is what a decision says of it.
"""
