"""What lesson 15 shows of its recorded ladder, and the schedule that it writes."""

import re

import numpy as np
import pytest

from course_utils import paths
from course_utils.training import rungs

FIGURES = {
    "runs": {
        "slow": [[(1, 1.0, 0.5), (2, 2.0, 0.6)], [(1, 3.0, 0.7), (2, 4.0, 0.8)], [(1, 2.0, 0.6), (2, 9.0, 0.7)]],
        "quick": [[(2, 0.5, 0.9)], [(2, 0.75, 0.95)], [(2, 1.0, 0.91)]],
    },
    "seconds to": {"0.8": {"slow": [None, 4.0, None], "quick": [0.5, 0.75, 1.0]}},
}


def test_the_table_shows_medians_after_equally_many_passes_and_each_start_on_its_way_to_the_target():
    head, slow, quick = rungs.table(FIGURES, "slow", "quick", passes=2).splitlines()
    assert head.endswith("  right then  seconds to 80 %")
    assert slow.split() == ["slow", "4.0", "70.0", "%", "never,", "4.0,", "never"]
    assert quick.split() == ["quick", "0.8", "91.0", "%", "0.5,", "0.8,", "1.0"]
    assert head.index("seconds for 2 passes") + len("seconds for 2 passes") == slow.index("4.0") + 3


def test_a_table_of_passes_that_nobody_looked_at_says_which_there_are():
    with pytest.raises(ValueError, match=r"'quick' was looked at, one of \[2\]. Received: 1"):
        rungs.table(FIGURES, "slow", "quick", passes=1)


def test_a_compiled_model_with_the_schedule_that_lesson_15_writes_can_be_saved(tmp_path):
    import keras
    from keras import ops

    source = (paths.notebooks_folder() / "source" / "lesson_15_speed" / "lesson.py").read_text(encoding="utf-8")
    [cell] = [cell for cell in re.split(r"^# %%.*$", source, flags=re.MULTILINE) if "class OneCycle(" in cell]
    names = {"keras": keras, "ops": ops}
    exec(cell, names)
    schedule = names["OneCycle"](0.008, 100)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(schedule), "mse")
    model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", custom_objects={"OneCycle": names["OneCycle"]})
    again = loaded.optimizer._learning_rate
    assert [float(again(step)) for step in range(0, 100, 9)] == [float(schedule(step)) for step in range(0, 100, 9)]
    assert max(float(again(step)) for step in range(100)) == pytest.approx(0.008, rel=0.02)
