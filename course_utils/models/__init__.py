"""The models that more than one lesson uses. Each is written out in the lesson that introduces it."""

from course_utils.models.efficientnet import imagenet, imagenet_names, prepare, top
from course_utils.models.fast import averaged_over_mirrored, fast_cnn
from course_utils.models.first import small_cnn
from course_utils.models.reference import program_a, program_b, program_c
from course_utils.models.sequence import recurrent_network, residual_network, vision_transformer

__all__ = [
    "averaged_over_mirrored",
    "fast_cnn",
    "imagenet",
    "imagenet_names",
    "prepare",
    "program_a",
    "program_b",
    "program_c",
    "recurrent_network",
    "residual_network",
    "small_cnn",
    "top",
    "vision_transformer",
]
