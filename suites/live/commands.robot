*** Settings ***
Documentation     Commands to the job of an open view, as they travel through the exchange baby_analyzer_commands. A ROI
...               shows in metadata and streams. Colour axis and colormap belong to the picture that a client draws: no
...               answer and no frame shows them, so what is asserted is that the broker takes them for the job, and
...               that the view goes on as it was, whatever they hold.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc    rabbitmq
Suite Teardown    Close Site

Test Tags         regression    nightly    live


*** Test Cases ***
A ROI Command Changes Metadata And Streams
    [Tags]    PZ-13784    smoke
    ${view} =    Open A View That Is Watched    channels=1-30
    ROI Command Should Be Followed    ${view}    50-150

The Last Of Several ROI Commands Holds
    [Tags]    PZ-13786
    ${view} =    Open A View That Is Watched    channels=1-30
    Send ROI Command    ${view}    50-150
    Send ROI Command    ${view}    1-201
    ROI Command Should Be Followed    ${view}    61-69

A ROI Command Beyond The Fibre Is Cut To It
    [Tags]    PZ-13795
    ${view} =    Open A View That Is Watched    channels=1-30
    ROI Command Should Be Followed    ${view}    0-10000

A Wrong ROI Command Changes Nothing
    [Documentation]    Equal ends, end before start, negative ends.
    [Tags]    PZ-13791
    ${view} =    Open A View That Is Watched    channels=1-30
    Send ROI Command    ${view}    20-20
    Send ROI Command    ${view}    60-20
    Send ROI Command    ${view}    -5-20
    Send ROI Command    ${view}    10--20
    View Should Go On Unchanged    ${view}

A View Goes On After A Colour Axis Command
    [Tags]    PZ-13801
    ${view} =    Open A View That Is Watched    channels=1-8
    Send Colour Axis Command    ${view}    5    50
    View Should Go On Unchanged    ${view}

A View Goes On After A Colour Axis Whose Lowest Is Above Its Highest
    [Tags]    PZ-13802
    ${view} =    Open A View That Is Watched    channels=1-8
    Send Colour Axis Command    ${view}    50    5
    View Should Go On Unchanged    ${view}

A View Goes On After Malformed Colour Axes
    [Tags]    PZ-13803
    ${view} =    Open A View That Is Watched    channels=1-8
    Send Colour Axis Command    ${view}    5    5
    Send Colour Axis Command    ${view}    "low"    "high"
    Send Colour Axis Command    ${view}    null    null
    View Should Go On Unchanged    ${view}

A View Goes On After One Colour Axis After The Other
    [Tags]    PZ-13804
    ${view} =    Open A View That Is Watched    channels=1-8
    Send Colour Axis Command    ${view}    0    1
    Send Colour Axis Command    ${view}    -1.5    5
    Send Colour Axis Command    ${view}    0    100000
    View Should Go On Unchanged    ${view}

A View Goes On After Each Colormap, Known And Unknown
    [Tags]    PZ-13805
    ${view} =    Open A View That Is Watched    channels=1-8
    Send Colormap Command    ${view}    parula
    Send Colormap Command    ${view}    grayscale
    Send Colormap Command    ${view}    jet
    Send Colormap Command    ${view}    pink
    View Should Go On Unchanged    ${view}
