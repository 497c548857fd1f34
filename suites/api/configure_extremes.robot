*** Settings ***
Documentation     Numbers that no view has: the server refuses them like any other wrong number, stays up, and serves
...               the next view.

Resource          focus.resource

Suite Setup       Open Site    rest
Suite Teardown    Close Site

Test Tags         regression    nightly    api


*** Test Cases ***
Numbers Beyond Every Machine Word Are Refused
    [Tags]    PZ-14780    smoke
    [Template]    View With Should Be Refused
    nfftSelection    ${HUGE}    because=power of 2
    nfftSelection    ${HUGE BELOW ZERO}    because=positive
    displayInfo.height    ${HUGE}    because=maximum
    displayInfo.height    ${HUGE BELOW ZERO}    because=positive
    displayTimeAxisDuration    ${HUGE}
    displayTimeAxisDuration    ${HUGE FRACTION}
    view_type    ${HUGE}
    view_type    ${HUGE BELOW ZERO}

Channels And Frequencies Beyond Every Machine Word Are Refused
    [Tags]    PZ-14780
    [Template]    View With Should Be Refused
    channels.max    ${BEYOND 32 BITS}    because=maximum
    channels.max    ${BEYOND 64 BITS}    because=maximum
    channels.max    ${HUGE}    because=maximum
    channels.max    ${HUGE BELOW ZERO}    names=channels
    channels.min    ${HUGE}    names=channels
    channels.min    ${HUGE BELOW ZERO}    because=lowest channel
    frequencyRange.max    ${HUGE}    because=Nyquist
    frequencyRange.max    ${HUGE BELOW ZERO}    names=frequencyRange
    frequencyRange.min    ${HUGE}    names=frequencyRange
    frequencyRange.min    ${HUGE BELOW ZERO}    because=negative

Times Beyond Every Machine Word Are Refused
    [Tags]    PZ-13880
    [Template]    View With Times Should Be Refused
    ${HUGE}    ${HUGE AND TEN}    future    field=end_time    allowed=<= now
    ${HUGE BELOW ZERO}    ${0}    negative    allowed=>= 0
    ${BEYOND 64 BITS}    ${BEYOND 64 BITS AND TEN}    future    field=end_time    allowed=<= now

A View After All That Is Answered As Ever
    [Tags]    PZ-14780
    View With Should Be Refused    nfftSelection    ${HUGE}    because=power of 2
    Live View Should Be Answered As Asked    channels=1-3
    Health Should Be Good
