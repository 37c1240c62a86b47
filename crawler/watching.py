"""The settings of what a daemon shows of itself: its log and its figures."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

LogFormat = Literal["auto", "human", "json"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MetricsSettings(_Strict):
    """What the daemon answers to those who watch it: `/livez`, `/readyz` and `/metrics`, for Prometheus.

    Attributes:
        port: Where it listens; nowhere by default. 9464 is the port that Prometheus's exporters of this kind use.
        host: The address it listens at. Whoever can reach it can read the figures; keep it on this machine.
    """

    port: Annotated[int, Field(ge=0, le=65_535)] | None = None
    host: Annotated[str, Field(pattern=r"^[0-9A-Za-z.:-]{1,253}$")] = "127.0.0.1"


class LogSettings(_Strict):
    """How daemon and workers log to standard error.

    Attributes:
        format: `human`, `json`, or `auto`: human on a terminal, else JSON lines.
    """

    format: LogFormat = "auto"
