"""What the data sets that are made on the spot share: chance, labels, checked knobs, exact scaling."""
