"""The kernel python3 as this environment, whatever kernels of that name the user has installed elsewhere."""

from typing import Any

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager

__all__ = ["OwnKernel"]


class OwnKernel(AsyncKernelManager):
    """Looks for kernels nowhere: Jupyter's own entry for python3 is then what is left, which starts this Python."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(kernel_spec_manager=KernelSpecManager(kernel_dirs=[]), **settings)
