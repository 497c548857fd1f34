*** Settings ***
Documentation     The other two kinds of live view: one channel, and the waterfall.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         regression    nightly    live


*** Test Cases ***
SingleChannel View Maps Its Channel To One Stream
    [Tags]    PZ-13813    smoke
    ${view} =    Open Live View    channels=7    view=SingleChannel
    View Should Answer What Was Asked    ${view}
    Metadata Should Match The View    ${view}

Waterfall View Of The Usual Channels Is Accepted
    [Tags]    PZ-13422    smoke
    ${view} =    Open Waterfall View
    View Should Answer What Was Asked    ${view}
    Waterfall Should Show The View    ${view}

SingleChannel View Of Any Channel Is The Same
    [Tags]    PZ-13834
    [Template]    SingleChannel View Should Answer What Was Asked
    ${SITE_DATA.limits.lowest_channel}
    100
    ${SITE_DATA.limits.highest_channel // 2}
    ${SITE_DATA.limits.highest_channel}

SingleChannel View Delivers Frames
    [Tags]    PZ-13862
    ${view} =    Open Live View    channels=7    view=SingleChannel
    Every Stream Should Deliver Frames    ${view}    at least=3

The Same SingleChannel View Asked Twice Is Mapped The Same Way
    [Tags]    PZ-13817
    ${one} =    Open Live View    channels=7    view=SingleChannel
    ${other} =    Open Live View    channels=7    view=SingleChannel
    Views Should Be Mapped Alike    ${one}    ${other}

MultiChannel View Of Few Channels Has As Many Streams As It Can
    [Tags]    PZ-13292
    [Template]    MultiChannel View Should Answer What Was Asked
    1-1
    1-2
    1-3
    1-8
    1-50
    ${SITE_DATA.limits.lowest_channel}-${SITE_DATA.limits.highest_channel}
