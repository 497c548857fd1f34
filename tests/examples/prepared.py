"""What the examples of the keywords' documentation find ready: by variable, and by keyword where one needs its own."""

from __future__ import annotations

from dataclasses import dataclass, field

LIVE = "${view} =    Open Live View    channels=11-211    nfft=1024"
RECORDING = "${recording} =    Find A Recording"
USUAL = "${view} =    Open Live View"
PLAYABLE = [RECORDING, "${view} =    Open Historic View    ${recording}    channels=1-3"]
PLAYED = [
    *PLAYABLE,
    "${readings} =    Read Streams Of View To Their End    ${view}",
]
HIGH_ALERT = "${alert} =    Send Alert    SD    high    1250 m"
BURST = "${burst} =    Ask For Views At Once    3    channels=1-3"

# A variable that an example uses and does not assign itself: the steps that make it.
VARIABLES: dict[str, list[str]] = {
    "view": [LIVE],
    "readings": [LIVE, "${readings} =    Read Streams Of View    ${view}    at_least=3"],
    "recording": [RECORDING],
    "hole": ["${hole} =    Find A Hole Between Recordings"],
    "answer": ["${answer} =    Ask Focus Server    GET    /channels"],
    "views": ["${views} =    Open Views At The Same Time    2    channels=1-3"],
    "alert": [HIGH_ALERT],
    "one": ["${one} =    Open Live View    channels=1-3"],
    "other": ["${other} =    Open Live View    channels=1-3"],
    "before": ["${before} =    List What Runs In The Cluster"],
    "burst": [BURST],
    "ports": [BURST, "${ports} =    Ports Should Be Apart    ${burst}"],
    "written": ["${written} =    Write Acknowledged Documents    5"],
    "count": ["${count} =    Get Recording Count"],
    "queue": ["${queue} =    Publish Confirmed Messages    5"],
    "queues": ["${queues} =    List Durable Queues"],
    "changed": [LIVE, "${changed} =    Change ROI    ${view}    channels=61-111"],
    "step": ["${step} =    Set Variable    ${1.953}"],
    "body": ["${body} =    Set Variable    {}"],
    "browser": ["${browser} =    Log In By Cookie"],
}


@dataclass(frozen=True)
class Scene:
    """What an example stands between; `before` is in place of what its variables need."""

    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


THREE = "mongodb    rabbitmq    focus_server"
RECOVERED = ["Workload Should Recover By Itself    mongodb"]
RECORDER_KILLED = [
    "${before} =    Note The Live Recording",
    "Kill Process    segy_recorder",
    "Workload Should Recover By Itself    segy_recorder",
]
WITHOUT_MONGODB = Scene(["Take Down    mongodb"], ["Bring Back    mongodb"])

# Keywords whose example begins where another's ended, leaves something to be ended, or wants another view.
KEYWORDS: dict[str, Scene] = {
    "Get Alert Count": Scene([HIGH_ALERT, "Send Alert    SD    low    1250 m"]),
    "Get Alert Field": Scene(["Send Alert    SD    low    1250 m"]),
    "Answer Should Be A Clean Refusal": Scene(["${answer} =    Ask Focus Server    GET    /no_such_route"]),
    "Remove Job Of Answer At End": Scene(["${answer} =    Send Raw View Request    {}"]),
    "Both Readers Should Have The Same Rows": Scene([LIVE, "${readings} =    Read One Stream Twice    ${view}"]),
    "Bring Back": Scene(["Take Down    mongodb"]),
    "Client Should Give Up Its View After": Scene(["Freeze    focus_server"], ["Thaw    focus_server"]),
    "Cut The Network To": Scene(after=["Restore The Network To    mongodb"]),
    "Delete Pod": Scene(after=RECOVERED),
    "Delete Pods At Once": Scene(
        after=["Workloads Should Recover By Themselves    mongodb    rabbitmq    focus_server"]
    ),
    "Focus Server Should Be Unavailable": Scene(["Take Down    focus_server"], ["Bring Back    focus_server"]),
    "Freeze": Scene(after=["Thaw    mongodb"]),
    "Health Should Name": WITHOUT_MONGODB,
    "Historic View Should Be Unavailable": WITHOUT_MONGODB,
    "Live View Should Be Unavailable": Scene(
        ["${view} =    Open Live View    channels=1-8", "Let The Cluster Refuse The View After    ${view.job_id}"]
    ),
    "Ingress Should Answer 504 For The Frozen Server": Scene(["Freeze    focus_server"], ["Thaw    focus_server"]),
    "Kill Process": Scene(after=["Workload Should Recover By Itself    rabbitmq"]),
    "Pods Should Have Restarted Once Since": Scene(
        ["${before} =    Note The Pods Of    mongodb", "Kill Process    mongodb", *RECOVERED]
    ),
    "Reading Should Go On": Scene([LIVE, "Keep Reading    ${view}"]),
    "View Should Keep Running": Scene([LIVE, "Keep Reading    ${view}"]),
    "Recording Should Go On Since": Scene(RECORDER_KILLED),
    "Recording Should Have One Gap At Most Since": Scene(RECORDER_KILLED),
    "Restore The Network To": Scene(["Cut The Network To    mongodb"]),
    "Take Down": Scene(after=["Bring Back    mongodb"]),
    "Thaw": Scene(["Freeze    mongodb"]),
    "Workload Should Recover By Itself": Scene(["Delete Pod    mongodb"]),
    "Workloads Should Recover By Themselves": Scene([f"Delete Pods At Once    {THREE}"]),
    "No Workload Should Have Restarted Since": Scene(["${before} =    Note Restarts Of The Workloads"]),
    "Only Accepted Views Should Have Got Jobs": Scene(["${before} =    List Jobs Of Views", BURST]),
    "No Queue Should Have Appeared Since": Scene(["${queues} =    List Queues Of Views"]),
    "Break Connection Of Client": Scene(["${queue} =    Bind Private Queue"]),
    "Client Should Connect Again": Scene(
        ["${queue} =    Bind Private Queue", "Break Connection Of Client    ${queue}"],
    ),
    "Publish Message": Scene(["${queue} =    Bind Private Queue    keepalive    baby_analyzer_commands"]),
    "Get Message Count": Scene(
        [
            "${queue} =    Bind Private Queue    Focus.Test.#",
            "VAR    &{body} =    test=example",
            "Publish Message    Focus.Test.Again    ${body}",
        ]
    ),
    "Get Message Field": Scene(["${queue} =    Bind Private Queue", HIGH_ALERT]),
    "File Should Survive The Way To The Node And Back": Scene(["Log Into The Node"], ["Log Out Of The Node"]),
    "Every Recorded Row Should Have Come": Scene(PLAYED),
    "Every Stream Should Have Ended": Scene(PLAYED),
    "Pod Of View Should Have Been": Scene(["Note The Time Of The Cluster", *PLAYED]),
    "Get Stream Field": Scene([*PLAYABLE, PLAYABLE[1].replace("view} =", "other} =")]),
    "Read Streams Of View To Their End": Scene(PLAYABLE),
    "States Of View While It Is Read Should Be": Scene(PLAYABLE),
    "Two Playbacks Should Show The Same": Scene(
        [
            RECORDING,
            "${one} =    Open Historic View    ${recording}    channels=1-3",
            "${other} =    Open Historic View    ${recording}    channels=1-3",
        ]
    ),
    "Stream And Waterfall Should Show The Same": Scene(
        ["${view} =    Open Live View    channels=1-8    nfft=256    frequency=0-500 Hz"]
    ),
    "Get Mapped Channels": Scene([USUAL]),
    "Get Metadata Field": Scene([USUAL]),
    "Get Waterfall Row Field": Scene([USUAL]),
    "Get Waterfall Row Count": Scene(["${view} =    Open Live View    channels=1-3    nfft=128    height=100"]),
    "Waterfall Should Hold All Rows": Scene(["${view} =    Open Live View    channels=1-3    nfft=128    height=100"]),
    "Rows Should Stay The Same": Scene(["${view} =    Open Live View    channels=1-3    nfft=1024    height=1000"]),
    "Only Channels Should Have Changed": Scene([LIVE, "Change ROI    ${view}    channels=61-111"]),
    "View Should Show Channels": Scene([LIVE, "Change ROI    ${view}    channels=61-111"]),
    "Streams Should Have Channels": Scene(["${view} =    Open Live View    channels=1-8"]),
    "View Should Be Gone": Scene([LIVE, "Close View    ${view}"]),
    "View Should Not Be Streamed": Scene([LIVE, "Close View    ${view}"]),
    "Views Should Be Calculated Alike": Scene(
        [*VARIABLES["one"], *VARIABLES["other"], "VAR    @{views} =    ${one}    ${other}"]
    ),
    "Waterfall Should Show What Was Streamed": Scene(
        [
            RECORDING,
            "${one} =    Open Historic View    ${recording}    channels=1-8    nfft=256    height=100",
            "${other} =    Open Historic View    ${recording}    channels=1-8    nfft=256    height=100",
        ]
    ),
    "Waterfall Should Show Rows Until It Is Over": Scene(PLAYABLE),
    "Playback Should Finish": Scene(PLAYABLE),
    "Playback Should Go Through": Scene(PLAYABLE),
    "Rows Should Follow Each Other Inside": Scene(PLAYABLE),
    "Recorded Parts Should Be Played Around": Scene(
        [
            "${hole} =    Find A Hole Between Recordings",
            "${view} =    Open Historic View    ${hole.window}    channels=1-3",
        ]
    ),
    "Closed View Should Be Unknown To": Scene([LIVE, "Close View    ${view}"]),
    "Data Rate Should Be About": Scene(
        [
            "${view} =    Open Live View    channels=1-3    frequency=0-100 Hz",
            "${readings} =    Read Streams Of View    ${view}    at_least=3",
        ]
    ),
    "View Should Follow Command": Scene([LIVE, "Send ROI Command    ${view}    50-150"]),
    "Finished Job Should Be Removed After Its Time To Live": Scene(PLAYED),
    "Job Of View Should Have Completed": Scene(PLAYABLE),
    "Log Into The Node": Scene(after=["Log Out Of The Node"]),
    "Log Out Of The Node": Scene(["Log Into The Node"]),
    "Freed Ports Should Be Used Again": Scene(
        [BURST, "${ports} =    Ports Should Be Apart    ${burst}", "Close Views    ${burst}", BURST]
    ),
    "Number Of Open Views Should Be At Least": Scene(["${burst} =    Fill The Site    ${SITE_DATA.limits.capacity}"]),
    "Some Views Should Have Been Refused": Scene(["${burst} =    Ask For Views At Once    60    channels=1-3"]),
}

_MEASURES = "its outcome is a time of this machine, which other tests keep busy; suites/performance runs it alone"
_SITE = "a whole site does not show it; suites and tests of the keywords run it under the defect that does"
_FILLS = "views of a small site are removed before so many are open; suites/capacity runs it on a whole one"
# Keywords whose example is only checked by the dry run, and why.
_SOURCES = "a simulated site has no sources of the product; suites/product_sources runs on a repository made by a test"
NOT_RUN: dict[str, str] = {
    "Get Product Services": _SOURCES,
    "Get Product Service Files": _SOURCES,
    "Get Product Version Field": _SOURCES,
    "Expected Product Services Should Be There": _SOURCES,
    "Product Module Should Import": _SOURCES,
    "Alerts Should Arrive Promptly": _MEASURES,
    "Concurrent Liveness Requests Should Be Answered In Time": _MEASURES,
    "Apply Load": _MEASURES,
    "Alerts Of Load Should Be Accepted And Pass": _MEASURES,
    "Apply Load Of Alerts": _MEASURES,
    "Apply Load Of Views": _MEASURES,
    "Apply Load Profile": _MEASURES,
    "Consecutive Views Should Be Created In Time": _MEASURES,
    "Get Burst Figure": _MEASURES,
    "Every Kind Of Alert Should Succeed": _MEASURES,
    "Get Listed Alerts Of Load": _MEASURES,
    "Get Load Figure": _MEASURES,
    "Load Should Be Valid": _MEASURES,
    "Load Should Keep The Limits": _MEASURES,
    "Load Should Scale": _MEASURES,
    "Pods Should Use Little Under The Load": _MEASURES,
    "Raise Load": _MEASURES,
    "Views Of Load Should Keep The Limits": _MEASURES,
    "Get Answer Times": _MEASURES,
    "Get Query Time": _MEASURES,
    "Messages Should Be Confirmed Quickly": _MEASURES,
    "One View Should Be Answered Fast": _MEASURES,
    "Live View Should Have No Live Source": _SITE,
    "Live View Should Have To Wait For The Fibre": _SITE,
    "There Should Be No Live Source": _SITE,
    "Fill The Site": _FILLS,
    "Next View Should Have To Wait": _FILLS,
    "Number Of Open Views Should Be At Least": _FILLS,
    "Some Views Should Have Been Refused": _FILLS,
}
