"""The kernel python3 as this environment, whatever kernels of that name the user has installed elsewhere."""

from typing import Any

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager

__all__ = ["MESSAGE_SECONDS", "START_SECONDS", "OwnKernel"]

# A kernel takes seconds to start, and longer when several start on a busy machine.
START_SECONDS = 180
# nbclient waits 4 s for the last messages of a cell and then gives up, which a busy machine does not keep to.
MESSAGE_SECONDS = 60


class OwnKernel(AsyncKernelManager):
    """Looks for kernels nowhere: Jupyter's own entry for python3 is then what is left, which starts this Python."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(kernel_spec_manager=KernelSpecManager(kernel_dirs=[]), **settings)
