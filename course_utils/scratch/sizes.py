"""How large, how many, how much: the arithmetic of layers, without running them.

Source of the formulas: Dumoulin and Visin 2016, A guide to convolution arithmetic for deep learning, section 2;
receptive field: Araujo et al. 2019, Computing Receptive Fields of Convolutional Neural Networks, Distill.
"""

from collections.abc import Sequence

__all__ = [
    "conv2d_multiply_adds",
    "conv2d_parameters",
    "dense_parameters",
    "output_size",
    "padding_amounts",
    "receptive_field",
    "window_span",
]


def window_span(kernel: int, dilation: int = 1) -> int:
    """How many pixels a kernel reaches over: dilation d leaves d - 1 pixels out between two of its taps.

    Args:
        kernel: number of taps along one axis.
        dilation: distance between two taps, in pixels.

    Returns:
        The span in pixels, `(kernel - 1) * dilation + 1`.

    Raises:
        ValueError: an argument is not an integer of at least 1.
    """
    _at_least_one(kernel=kernel, dilation=dilation)
    return (kernel - 1) * dilation + 1


def padding_amounts(
    size: int, kernel: int, stride: int = 1, padding: str | int = "valid", dilation: int = 1
) -> tuple[int, int]:
    """How many zeros are put before and after the pixels of one axis.

    Args:
        size: pixels along the axis.
        kernel: number of taps along the axis.
        stride: pixels from one window to the next.
        padding: "valid" for none, "same" for an output of size / stride rounded up, or a number for each side.
        dilation: distance between two taps, in pixels.

    Returns:
        Zeros before, zeros after. With "same" an odd one goes after, as in TensorFlow.

    Raises:
        ValueError: a size is below 1, or the padding is none of the three.
    """
    _at_least_one(size=size, stride=stride)
    span = window_span(kernel, dilation)
    if padding == "valid":
        return 0, 0
    if padding == "same":
        windows = -(-size // stride)  # rounded up
        zeros = max((windows - 1) * stride + span - size, 0)
        return zeros // 2, zeros - zeros // 2
    if isinstance(padding, int) and not isinstance(padding, bool) and padding >= 0:
        return padding, padding
    raise ValueError(f'Expected padding "valid", "same" or a number of pixels from 0. Received: {padding!r}.')


def output_size(size: int, kernel: int, stride: int = 1, padding: str | int = "valid", dilation: int = 1) -> int:
    """How many places a window takes along one axis: floor((size + zeros - span) / stride) + 1.

    Args:
        size: pixels along the axis.
        kernel: number of taps of the kernel, or pixels of the pooling window.
        stride: pixels from one window to the next.
        padding: "valid", "same" or the number of zeros on each side.
        dilation: distance between two taps, in pixels.

    Returns:
        Size of the output along that axis.

    Raises:
        ValueError: an argument is out of range, or the window does not fit in the padded image.

    Example:
        >>> output_size(28, kernel=3)
        26
        >>> output_size(28, kernel=3, stride=2, padding="same")
        14
    """
    span, zeros = window_span(kernel, dilation), sum(padding_amounts(size, kernel, stride, padding, dilation))
    if span > size + zeros:
        raise ValueError(
            f"Expected a window that fits in the image. Received a span of {span} pixels over {size} pixels and "
            f'{zeros} of padding. Use a smaller kernel or dilation, or padding="same".'
        )
    return (size + zeros - span) // stride + 1


def conv2d_parameters(kernel: int | tuple[int, int], channels: int, filters: int, *, bias: bool = True) -> int:
    """Numbers that a convolution layer learns. The size of the image does not come into it.

    Args:
        kernel: taps along height and width, one number for a square kernel.
        channels: channels of the input.
        filters: channels of the output.
        bias: whether each filter has a bias.

    Returns:
        The number of parameters.

    Raises:
        ValueError: an argument is below 1.

    Example:
        >>> conv2d_parameters(kernel=3, channels=32, filters=64)
        18496
    """
    kernel_height, kernel_width = _pair(kernel)
    _at_least_one(kernel_height=kernel_height, kernel_width=kernel_width, channels=channels, filters=filters)
    return kernel_height * kernel_width * channels * filters + filters * bias


def conv2d_multiply_adds(
    image: tuple[int, int],
    kernel: int | tuple[int, int],
    channels: int,
    filters: int,
    *,
    stride: int = 1,
    padding: str | int = "valid",
    dilation: int = 1,
) -> int:
    """Multiplications, each followed by an addition, that one image costs in a convolution layer, bias left out.

    Args:
        image: height and width of the input in pixels.
        kernel: taps along height and width, one number for a square kernel.
        channels: channels of the input.
        filters: channels of the output.
        stride: pixels from one window to the next.
        padding: "valid", "same" or the number of zeros on each side; products with a zero are counted.
        dilation: distance between two taps, in pixels.

    Returns:
        The number of multiply-adds: one for each output value and each number in its window.

    Raises:
        ValueError: an argument is out of range, or the window does not fit.
    """
    outputs = 1
    for size, taps in zip(image, _pair(kernel), strict=True):
        outputs *= output_size(size, taps, stride, padding, dilation)
    return outputs * conv2d_parameters(kernel, channels, filters, bias=False)


def dense_parameters(inputs: int, units: int, *, bias: bool = True) -> int:
    """Numbers that a fully connected layer learns; without the bias also its multiply-adds for one image.

    Args:
        inputs: length of the input vector.
        units: length of the output vector.
        bias: whether each unit has a bias.

    Returns:
        The number of parameters.

    Raises:
        ValueError: an argument is below 1.
    """
    _at_least_one(inputs=inputs, units=units)
    return inputs * units + units * bias


def receptive_field(layers: Sequence[tuple[int, ...]]) -> int:
    """How many input pixels, along one axis, one output value of a stack of layers can depend on.

    Args:
        layers: from input to output, `(kernel, stride)` or `(kernel, stride, dilation)` of each convolution or pooling.

    Returns:
        The receptive field in pixels; 1 for no layers. Edges of the image are left out of account.

    Raises:
        ValueError: an entry has another form, or a value is below 1.

    Example:
        >>> receptive_field([(3, 1), (2, 2), (3, 1)])  # convolution 3x3, pooling 2x2, convolution 3x3
        8
    """
    field, jump = 1, 1  # jump: input pixels between two neighbouring values of the present layer
    for layer in layers:
        if len(layer) not in (2, 3):
            raise ValueError(f"Expected (kernel, stride) or (kernel, stride, dilation) a layer. Received: {layer}.")
        kernel, stride, dilation = (*layer, 1)[:3]
        _at_least_one(stride=stride)
        field += (window_span(kernel, dilation) - 1) * jump
        jump *= stride
    return field


def _pair(kernel: int | tuple[int, int]) -> tuple[int, int]:
    return (kernel, kernel) if isinstance(kernel, int) else kernel


def _at_least_one(**values: int) -> None:
    for name, value in values.items():
        if value < 1 or value != int(value):
            raise ValueError(f"Expected {name} to be a whole number from 1. Received: {value}.")
