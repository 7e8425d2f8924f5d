"""Measures how good and how fast the program is, on real data that stands beside the repository.

``python3 run.py bench quality``    recall, precision and false alarms, beside the peers that are installed
``python3 run.py bench speed``      megabytes a CPU second and the start, beside the peers; growth with articles and with rules
``python3 run.py bench fit-names``  fits the weights of the name model

The data are read where they are (``--data``, by default ``../shared/data``) and never copied into the repository.
"""
