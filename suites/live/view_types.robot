*** Settings ***
Documentation     The kinds of live view: many channels, one channel, and the waterfall.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         regression    nightly    live


*** Test Cases ***
Each Type Of View Is Accepted And Answered As Such
    [Tags]    PZ-13915    smoke
    Live View Should Be Answered As Asked    view_type=MultiChannel    channels=1-3
    Live View Should Be Answered As Asked    view_type=SingleChannel    channels=7
    Waterfall View Should Be Answered As Asked    channels=1-3

SingleChannel View Maps Its Channel To One Stream
    [Tags]    PZ-13813    smoke
    ${view} =    Open Live View    channels=7    view_type=SingleChannel
    View Should Answer What Was Asked    ${view}
    Metadata Should Match The View    ${view}

Waterfall View Of The Usual Channels Is Accepted
    [Tags]    PZ-13422    smoke
    ${view} =    Open Waterfall View
    View Should Answer What Was Asked    ${view}
    Metadata Should Match The View    ${view}
    Waterfall Should Show The View    ${view}

Waterfall View Without Its Optional Fields Is Accepted
    [Tags]    PZ-13296
    [Template]    Waterfall View With Only Should Be Answered As Asked
    displayInfo    channels    view_type
    displayInfo    channels    view_type    nfftSelection
    displayInfo    channels    view_type    start_time    end_time

Waterfall View Of Any Channels Is Accepted
    [Tags]    PZ-13557
    [Template]    Waterfall View Should Be Answered As Asked
    channels=${SITE_DATA.limits.lowest_channel}
    channels=${SITE_DATA.limits.highest_channel}
    channels=1-2
    channels=11-60    height=200
    channels=1-3    height=1
    channels=${SITE_DATA.limits.lowest_channel}-${SITE_DATA.limits.highest_channel}

SingleChannel View Of Any Channel Is The Same
    [Tags]    PZ-13834
    [Template]    Live View Should Be Answered As Asked
    view_type=SingleChannel    channels=${SITE_DATA.limits.lowest_channel}
    view_type=SingleChannel    channels=${SITE_DATA.limits.lowest_channel + 1}
    view_type=SingleChannel    channels=50
    view_type=SingleChannel    channels=100
    view_type=SingleChannel    channels=${SITE_DATA.limits.highest_channel // 2}
    view_type=SingleChannel    channels=${SITE_DATA.limits.highest_channel - 1}
    view_type=SingleChannel    channels=${SITE_DATA.limits.highest_channel}

SingleChannel View Of Any Frequencies Is The Same
    [Tags]    PZ-13819
    [Template]    Live View Should Be Answered As Asked
    view_type=SingleChannel    channels=7    frequency=0-500 Hz
    view_type=SingleChannel    channels=7    frequency=100-600 Hz
    view_type=SingleChannel    channels=7    frequency=0-${SITE_DATA.limits.frequency_max_hz} Hz
    view_type=SingleChannel    channels=7    frequency=500-${SITE_DATA.limits.frequency_max_hz} Hz

SingleChannel Views Of Different Channels Follow Each Other
    [Tags]    PZ-13858
    [Template]    Live View Should Be Answered As Asked
    view_type=SingleChannel    channels=1
    view_type=SingleChannel    channels=2
    view_type=SingleChannel    channels=3
    view_type=SingleChannel    channels=5
    view_type=SingleChannel    channels=10

Different Channels Are Each Mapped To The Only Stream
    [Tags]    PZ-13816
    [Template]    Live View Should Be Answered As Asked
    view_type=SingleChannel    channels=3
    view_type=SingleChannel    channels=8
    view_type=SingleChannel    channels=15

SingleChannel View From The Request To The End
    [Tags]    PZ-13862
    ${view} =    Open Live View    channels=7    view_type=SingleChannel
    Metadata Should Match The View    ${view}
    Every Stream Should Deliver Frames    ${view}    at_least=3
    ${next} =    Open Live View    channels=8    view_type=SingleChannel
    View Should Answer What Was Asked    ${next}
    Closed View Should Be Gone    ${view}
    Closed View Should Be Gone    ${next}

A View Stays Running
    [Tags]    PZ-13859
    ${single} =    Open Live View    channels=7    view_type=SingleChannel
    ${multi} =    Open Live View    channels=1-3
    View Should Be Running    ${single}
    Get View Field    ${single}    state    ==    running    during=2 s
    View Should Be Running    ${multi}
    Get View Field    ${multi}    state    ==    running    during=2 s

The Same SingleChannel View Asked Twice Is Mapped The Same Way
    [Tags]    PZ-13817
    ${one} =    Open Live View    channels=7    view_type=SingleChannel
    ${other} =    Open Live View    channels=7    view_type=SingleChannel
    Views Should Be Mapped Alike    ${one}    ${other}
    View Should Answer What Was Asked    ${one}
    View Should Answer What Was Asked    ${other}

A MultiChannel View Has At Least As Many Streams As A SingleChannel View
    [Tags]    PZ-13818
    ${single} =    Open Live View    channels=7    view_type=SingleChannel
    ${one} =    Open Live View    channels=7    view_type=MultiChannel
    ${many} =    Open Live View    channels=1-50    view_type=MultiChannel
    ${streams} =    Get View Field    ${single}    stream_count
    Get View Field    ${one}    stream_count    >=    ${streams}
    Get View Field    ${many}    stream_count    >=    ${streams}
    View Should Answer What Was Asked    ${single}
    View Should Answer What Was Asked    ${one}
    View Should Answer What Was Asked    ${many}

MultiChannel View Of Few Channels Has As Many Streams As It Can
    [Tags]    PZ-13292
    [Template]    Live View Should Be Answered As Asked
    channels=1-1
    channels=1-2
    channels=1-3
    channels=1-4
    channels=1-5
    channels=1-6
    channels=1-7
    channels=1-8
    channels=1-50
