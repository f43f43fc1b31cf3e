"""A scan as events for the log: how it began, what went wrong on the way, and how it ended."""

from ipv6check.engine.events import Crashed, Event, Finished, SecondLook, Tested
from ipv6check.logs import event as log_event
from ipv6check.logs import logger
from ipv6check.model.scan import Scan, ScanState
from ipv6check.model.vantage import Fitness
from ipv6check.wiring.progress import Progress

_log = logger("scan")


def tell_start(scan: Scan, *, assets: int, resumed: bool) -> None:
    """The scan's identity and how fit its vantage is."""
    test = scan.vantage.selftests[-1]
    log_event(
        _log,
        "scan-started",
        level="info" if test.fitness is Fitness.FIT else "warning",
        scan=scan.id,
        assets=assets,
        resumed=resumed,
        vantage=scan.vantage.name,
        fitness=test.fitness.value,
    )


def tell(progress: Progress, event: Event) -> None:
    """What an operator wants to find again; single verdicts are in the store."""
    assert progress.scan is not None
    match event:
        case Tested(test) if test.fitness is not Fitness.FIT:
            log_event(_log, "vantage-unfit", level="warning", fitness=test.fitness.value, detail=test.detail)
        case SecondLook():
            log_event(_log, "second-look", scan=progress.scan.id, pending=progress.pending)
        case Crashed(asset, trace):
            log_event(_log, "crashed", level="error", asset=asset, trace=trace)
        case Finished():
            _tell_end(progress, progress.scan)


def _tell_end(progress: Progress, scan: Scan) -> None:
    log_event(
        _log,
        "scan-ended",
        level="info" if scan.state is ScanState.COMPLETE and scan.trustworthy else "warning",
        scan=scan.id,
        state=scan.state.value,
        trustworthy=scan.trustworthy,
        assets=progress.judged,
        failed=progress.failed,
        unknown=progress.unknown,
        crashes=len(progress.crashes),
        seconds=round((scan.ended or scan.started) - scan.started, 1),
    )
