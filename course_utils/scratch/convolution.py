"""Two-dimensional convolution as layers compute it: slow loops to read, and three faster ways to the same numbers."""

import numpy as np

from course_utils.scratch.sizes import output_size, padding_amounts, window_span

__all__ = ["conv2d_backward", "conv2d_fft", "conv2d_forward", "conv2d_loops", "image_patches", "pad", "true_conv2d"]


def conv2d_loops(
    x: np.ndarray,
    kernel: np.ndarray,
    bias: np.ndarray | None = None,
    *,
    stride: int = 1,
    padding: str | int = "valid",
    dilation: int = 1,
) -> np.ndarray:
    """The layer written as its definition: put the kernel at each place, multiply, add up.

    What it computes is cross-correlation, summed over the input channels: the kernel is not flipped.

    Args:
        x: images, shape (batch, height, width, channels), float.
        kernel: shape (kernel_height, kernel_width, channels, filters).
        bias: shape (filters,), or None.
        stride: pixels from one window to the next, along both axes.
        padding: "valid" (none), "same" (output of size / stride, rounded up) or a number of zeros for each side.
        dilation: distance between two taps of the kernel, in pixels.

    Returns:
        Shape (batch, output_height, output_width, filters), in the dtype of the input.

    Raises:
        ValueError: shapes do not fit together, or the window does not fit in the image.
    """
    batch, height, width, filters = _output_shape(x, kernel, stride, padding, dilation)
    span_height, span_width = (window_span(taps, dilation) for taps in kernel.shape[:2])
    padded = pad(x, kernel.shape[:2], stride=stride, padding=padding, dilation=dilation)
    output = np.zeros((batch, height, width, filters), dtype=x.dtype)
    for n in range(batch):
        for i in range(height):
            for j in range(width):
                top, left = i * stride, j * stride
                window = padded[n, top : top + span_height : dilation, left : left + span_width : dilation, :]
                for f in range(filters):
                    output[n, i, j, f] = np.sum(window * kernel[:, :, :, f])
    return output if bias is None else output + bias


def conv2d_forward(
    x: np.ndarray,
    kernel: np.ndarray,
    bias: np.ndarray | None = None,
    *,
    stride: int = 1,
    padding: str | int = "valid",
    dilation: int = 1,
) -> np.ndarray:
    """The same layer by im2col: every window becomes a row, and one matrix product does the rest.

    Source: Chellapilla, Puri and Simard 2006, High Performance Convolutional Neural Networks for Document Processing.
    Arguments, result and errors are those of `conv2d_loops`.
    """
    batch, height, width, filters = _output_shape(x, kernel, stride, padding, dilation)
    padded = pad(x, kernel.shape[:2], stride=stride, padding=padding, dilation=dilation)
    patches = image_patches(padded, kernel.shape[:2], stride=stride, dilation=dilation)
    rows = patches.reshape(batch * height * width, -1)  # one window a row: this copies each pixel many times
    output = (rows @ kernel.reshape(-1, filters)).reshape(batch, height, width, filters)
    return output if bias is None else output + bias


def conv2d_backward(
    gradient: np.ndarray,
    x: np.ndarray,
    kernel: np.ndarray,
    *,
    stride: int = 1,
    padding: str | int = "valid",
    dilation: int = 1,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The backward pass: how the loss changes with the input, the kernel and the bias.

    An input pixel has touched an output through one tap of the kernel; it gets that output's gradient times the tap.
    A tap has touched every output through one pixel; it gets the sum of the gradients times those pixels.

    Args:
        gradient: of the loss with respect to the output, shape (batch, output_height, output_width, filters).
        x: the input of the forward pass.
        kernel: the kernel of the forward pass.
        stride: as in the forward pass.
        padding: as in the forward pass.
        dilation: as in the forward pass.

    Returns:
        Gradients with respect to x, kernel and bias, in their shapes.

    Raises:
        ValueError: shapes do not fit together.
    """
    expected = _output_shape(x, kernel, stride, padding, dilation)
    if gradient.shape != expected:
        raise ValueError(f"Expected a gradient in the shape of the output, {expected}. Received: {gradient.shape}.")
    padded = pad(x, kernel.shape[:2], stride=stride, padding=padding, dilation=dilation)
    padded_gradient, kernel_gradient = np.zeros_like(padded), np.zeros_like(kernel)
    height, width = expected[1:3]
    for i in range(kernel.shape[0]):
        for j in range(kernel.shape[1]):
            # The pixels that tap (i, j) meets as the window moves over the image.
            rows = slice(i * dilation, i * dilation + (height - 1) * stride + 1, stride)
            columns = slice(j * dilation, j * dilation + (width - 1) * stride + 1, stride)
            padded_gradient[:, rows, columns] += gradient @ kernel[i, j].T
            kernel_gradient[i, j] = np.tensordot(padded[:, rows, columns], gradient, axes=([0, 1, 2], [0, 1, 2]))
    x_gradient = _unpad(padded_gradient, x.shape, kernel.shape[:2], stride, padding, dilation)
    return x_gradient, kernel_gradient, gradient.sum(axis=(0, 1, 2))


def conv2d_fft(
    x: np.ndarray, kernel: np.ndarray, bias: np.ndarray | None = None, *, padding: str | int = "valid"
) -> np.ndarray:
    """The same layer, stride 1, by Fourier transform: a cross-correlation of images is a product of their spectra.

    The cost hardly depends on the kernel's size, so this wins for large kernels only.
    Source: Mathieu, Henaff and LeCun 2013, Fast Training of Convolutional Networks through FFTs.
    Arguments, result and errors are those of `conv2d_loops`, without stride and dilation.
    """
    _, output_height, output_width, _ = _output_shape(x, kernel, 1, padding, 1)
    padded = pad(x, kernel.shape[:2], padding=padding)
    size = padded.shape[1:3]
    x_spectrum = np.fft.rfft2(padded, axes=(1, 2)).transpose(1, 2, 0, 3)  # (frequency, frequency, batch, channels)
    kernel_spectrum = np.fft.rfft2(kernel, s=size, axes=(0, 1))  # (frequency, frequency, channels, filters)
    # The conjugate makes it cross-correlation; without it the result is true convolution.
    spectrum = (x_spectrum @ kernel_spectrum.conj()).transpose(2, 0, 1, 3)
    output = np.fft.irfft2(spectrum, s=size, axes=(1, 2))[:, :output_height, :output_width]
    return output if bias is None else output + bias


def true_conv2d(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray | None = None, **settings: str | int) -> np.ndarray:
    """Convolution as mathematics defines it: cross-correlation with the kernel flipped along height and width.

    A layer that learns its kernel has no need of the flip: it would learn the flipped kernel.
    Arguments, result and errors are those of `conv2d_loops`.
    """
    return conv2d_forward(x, kernel[::-1, ::-1], bias, **settings)


def image_patches(x: np.ndarray, window: tuple[int, int], *, stride: int = 1, dilation: int = 1) -> np.ndarray:
    """Every window of each image, as a read-only view of its pixels: nothing is copied.

    Args:
        x: images, already padded, shape (batch, height, width, channels).
        window: taps along height and width.
        stride: pixels from one window to the next.
        dilation: distance between two taps, in pixels.

    Returns:
        Shape (batch, output_height, output_width, window height, window width, channels).
    """
    spans = tuple(window_span(taps, dilation) for taps in window)
    every_window = np.lib.stride_tricks.sliding_window_view(x, spans, axis=(1, 2))
    # sliding_window_view puts the window's axes last; channels belong there.
    return every_window[:, ::stride, ::stride, :, ::dilation, ::dilation].transpose(0, 1, 2, 4, 5, 3)


def pad(
    x: np.ndarray,
    window: tuple[int, int],
    *,
    stride: int = 1,
    padding: str | int = "valid",
    dilation: int = 1,
    value: float = 0.0,
) -> np.ndarray:
    """A frame of a constant value around each image.

    Args:
        x: images, shape (batch, height, width, channels).
        window: taps along height and width; "same" depends on them.
        stride: pixels from one window to the next; "same" depends on it.
        padding: "valid" (no frame), "same" or a number of pixels for each side.
        dilation: distance between two taps; "same" depends on it.
        value: what the frame holds.

    Returns:
        Shape (batch, height + frame, width + frame, channels).

    Raises:
        ValueError: the padding is none of the three.
    """
    frame = _frame(x.shape, window, stride, padding, dilation)
    return np.pad(x, ((0, 0), *frame, (0, 0)), constant_values=value)


def _frame(
    shape: tuple[int, ...], window: tuple[int, int], stride: int, padding: str | int, dilation: int
) -> list[tuple[int, int]]:
    """Pixels before and after, along height, then along width."""
    return [
        padding_amounts(size, taps, stride, padding, dilation) for size, taps in zip(shape[1:3], window, strict=True)
    ]


def _unpad(
    padded: np.ndarray, shape: tuple[int, ...], window: tuple[int, int], stride: int, padding: str | int, dilation: int
) -> np.ndarray:
    """The pixels inside the frame: the backward pass of padding."""
    (top, _), (left, _) = _frame(shape, window, stride, padding, dilation)
    return padded[:, top : top + shape[1], left : left + shape[2]]


def _output_shape(
    x: np.ndarray, kernel: np.ndarray, stride: int, padding: str | int, dilation: int
) -> tuple[int, int, int, int]:
    if x.ndim != 4:
        raise ValueError(f"Expected images of shape (batch, height, width, channels). Received: {x.shape}.")
    if kernel.ndim != 4 or kernel.shape[2] != x.shape[3]:
        raise ValueError(
            f"Expected a kernel of shape (kernel_height, kernel_width, {x.shape[3]}, filters) for images of "
            f"{x.shape[3]} channels. Received: {kernel.shape}."
        )
    height, width = (
        output_size(size, taps, stride, padding, dilation)
        for size, taps in zip(x.shape[1:3], kernel.shape[:2], strict=True)
    )
    return x.shape[0], height, width, kernel.shape[3]
