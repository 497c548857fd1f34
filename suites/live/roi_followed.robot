*** Settings ***
Documentation     The job of a view reacts to a change of it: its streams and its rows show what was asked for.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         regression    nightly    live


*** Test Cases ***
Streams And Rows Follow The ROI
    [Tags]    PZ-13785    smoke    critical
    ${view} =    Open Live View    channels=1-30    nfft=256    height=200
    Streams Should Show    ${view}
    ${changed} =    Change ROI    ${view}    channels=51-150
    Change Should Be Shown    ${changed}

An Open Stream Goes On Through Several ROI Changes
    [Tags]    PZ-13786
    ${view} =    Open Live View    channels=1-30    nfft=256    height=200
    ${changed} =    Open Stream Should Follow ROI Changes    ${view}    51-150    1-201    61-69
    Change Should Be Shown    ${changed}

A Change Of A View That Still Starts Is Not Lost
    [Tags]    PZ-N405
    ${view} =    Open Live View    channels=1-30    nfft=256    height=200
    ${changed} =    Change ROI    ${view}    channels=31-36
    Change Should Be Shown    ${changed}

Streams And Rows Follow A Change Of The Spectrum
    [Tags]    PZ-N406
    ${view} =    Open Live View    channels=1-6    nfft=1024    frequency=0-500 Hz    height=200
    Streams Should Show    ${view}
    ${changed} =    Change View    ${view}    nfft=256    frequency=0-200 Hz
    Change Should Be Shown    ${changed}

Streams And Rows Follow A Change Of The Display
    [Tags]    PZ-N407
    ${view} =    Open Live View    channels=1-6    nfft=256    duration=10    height=200
    Streams Should Show    ${view}
    ${changed} =    Change View    ${view}    duration=20    height=500
    Change Should Be Shown    ${changed}

The Stream Of A SingleChannel View Moves With Its ROI
    [Tags]    PZ-N409
    ${view} =    Open Live View    channels=7    view_type=SingleChannel    nfft=256    height=200
    ${changed} =    Change ROI    ${view}    channels=9
    Change Should Be Shown    ${changed}

The Rows Of A Waterfall View Move With Its ROI
    [Tags]    PZ-N421
    ${view} =    Open Waterfall View    channels=1-30    height=200
    ${changed} =    Change ROI    ${view}    channels=21-40
    Change Should Be Shown    ${changed}
