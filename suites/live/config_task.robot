*** Settings ***
Documentation     POST /config/{id} and POST /config_task change an open view. What the server has to refuse leaves the
...               view as it is. In the older form of a change every field stands, and sensors count from 0.

Resource          focus.resource

Suite Setup       Open Site    rest    grpc
Suite Teardown    Close Site

Test Tags         regression    nightly    live


*** Test Cases ***
A View Is Changed By The Older Form
    [Tags]    PZ-14750    smoke
    ${view} =    Open Live View    channels=1-50    nfft=1024    frequency=0-500 Hz    height=200
    ${changed} =    Change Whole View    ${view}    channels=11-13    nfft=512    frequency=0-200 Hz
    ...    duration=20    height=500
    Metadata Should Match The View    ${changed}

A Live View Is Changed By The Operation Of Its Own
    [Documentation]    POST /config_task names the view in its body.
    [Tags]    PZ-13547
    ${view} =    Open Live View    channels=1-50    nfft=256    frequency=0-500 Hz    height=200
    ${changed} =    Channels Should Become    ${view}    61-111    by=config_task
    ${changed} =    Change View    ${changed}    nfft=512    duration=20    by=config_task
    Metadata Should Match The View    ${changed}

Each Part Of A View Can Be Changed Alone
    [Tags]    PZ-N408
    [Setup]    Open A View To Change
    [Template]    Change Of View Should Be In Its Metadata
    ${VIEW}    channels=11-20
    ${VIEW}    nfft=1024
    ${VIEW}    frequency=100-400 Hz
    ${VIEW}    duration=30
    ${VIEW}    height=100
    ${VIEW}    channels=11-20    nfft=512    frequency=0-200 Hz    duration=20    height=50

An Impossible View Cannot Be Changed
    [Tags]    PZ-14751
    [Template]    Change Of Job Should Be Refused
    ${EMPTY}    400    field=task_id    because=task_id
    ${EMPTY}    400    field=task_id    because=task_id    by=config_task
    test@#$%task    400    field=task_id    because=task_id
    test@#$%task    400    field=task_id    because=task_id    by=config_task
    two words    400    field=task_id    because=task_id
    ${ID OF 300 SIGNS}    400    field=task_id    because=task_id
    ${ID OF 257 SIGNS}    400    field=task_id    because=task_id    by=config_task

An Unknown View Cannot Be Changed
    [Tags]    PZ-14751
    [Template]    Change Of Job Should Be Refused
    ${ID OF 256 SIGNS}    404    because=job_id
    999-999999    404    because=job_id
    999-999999    404    because=job_id    by=config_task
    no_such_task    404    because=job_id

The Older Form Needs Each Of Its Fields
    [Tags]    PZ-14752
    [Setup]    Open A View To Change
    [Template]    Whole Change Without Should Be Refused
    ${VIEW}    displayTimeAxisDuration
    ${VIEW}    nfftSelection
    ${VIEW}    canvasInfo
    ${VIEW}    canvasInfo.height
    ${VIEW}    sensors
    ${VIEW}    sensors.min
    ${VIEW}    sensors.max
    ${VIEW}    frequencyRange
    ${VIEW}    frequencyRange.min
    ${VIEW}    frequencyRange.max

Display And NFFT Of The Older Form Have Their Type
    [Tags]    PZ-N415
    [Setup]    Open A View To Change
    [Template]    Whole Change With Should Be Refused
    ${VIEW}    displayTimeAxisDuration    "ten"
    ${VIEW}    displayTimeAxisDuration    true
    ${VIEW}    displayTimeAxisDuration    [10]
    ${VIEW}    displayTimeAxisDuration    null
    ${VIEW}    nfftSelection    "1024"
    ${VIEW}    nfftSelection    512.5
    ${VIEW}    nfftSelection    true
    ${VIEW}    nfftSelection    null

Canvas And Sensors Of The Older Form Have Their Type
    [Tags]    PZ-N415
    [Setup]    Open A View To Change
    [Template]    Whole Change With Should Be Refused
    ${VIEW}    canvasInfo    100
    ${VIEW}    canvasInfo    null
    ${VIEW}    canvasInfo.height    "high"
    ${VIEW}    canvasInfo.height    1.5
    ${VIEW}    sensors    "all"
    ${VIEW}    sensors    null
    ${VIEW}    sensors.min    "one"
    ${VIEW}    sensors.min    1.5
    ${VIEW}    sensors.max    null
    ${VIEW}    sensors.max    false

Frequencies And Times Of The Older Form Have Their Type
    [Tags]    PZ-N415
    [Setup]    Open A View To Change
    [Template]    Whole Change With Should Be Refused
    ${VIEW}    frequencyRange    [0, 500]
    ${VIEW}    frequencyRange    null
    ${VIEW}    frequencyRange.min    "low"
    ${VIEW}    frequencyRange.max    null
    ${VIEW}    start_time    261122110000
    ${VIEW}    start_time    "soon"
    ${VIEW}    end_time    "2611221100"
    ${VIEW}    end_time    []

Sensors That The Fibre Does Not Have Are Refused
    [Tags]    PZ-14753
    [Setup]    Open A View To Change
    [Template]    Whole Change With Should Be Refused
    ${VIEW}    sensors    {"min": 50, "max": 1}    status=400
    ${VIEW}    sensors    {"min": -1, "max": 50}    status=400
    ${VIEW}    sensors    {"min": 1, "max": 100000}    status=400
    ${VIEW}    sensors.max    ${SITE_DATA.limits.highest_channel}    names=sensors    status=400

Frequencies That The View Cannot Have Are Refused
    [Tags]    PZ-14754
    [Setup]    Open A View To Change
    [Template]    Whole Change With Should Be Refused
    ${VIEW}    frequencyRange    {"min": 500, "max": 0}    status=400
    ${VIEW}    frequencyRange    {"min": 250, "max": 250}    status=400
    ${VIEW}    frequencyRange    {"min": -1, "max": 1000}    status=400
    ${VIEW}    frequencyRange    {"min": 0, "max": 2000}    because=nyquist    status=400
    ${VIEW}    frequencyRange.max    ${SITE_DATA.limits.frequency_max_hz.__int__() + 1}    names=frequencyRange
    ...    because=nyquist    status=400

Other Values That The View Cannot Have Are Refused
    [Tags]    PZ-N416
    [Setup]    Open A View To Change
    [Template]    Whole Change With Should Be Refused
    ${VIEW}    nfftSelection    0    status=400
    ${VIEW}    nfftSelection    -1    status=400
    ${VIEW}    nfftSelection    1000    because=power of two    status=400
    ${VIEW}    nfftSelection    ${SITE_DATA.limits.nfft_multi[0] // 2}    status=400
    ${VIEW}    nfftSelection    ${SITE_DATA.limits.nfft_multi[-1] * 2}    status=400
    ${VIEW}    canvasInfo.height    0    names=displayInfo.height    status=400
    ${VIEW}    canvasInfo.height    -100    names=displayInfo.height    status=400
    ${VIEW}    displayTimeAxisDuration    0    status=400
    ${VIEW}    displayTimeAxisDuration    -1    status=400

The Times Of An Open View Stay
    [Tags]    PZ-N417
    [Setup]    Open A View To Change
    [Template]    Change With Times Should Be Refused
    ${VIEW}    "261122110000"    null    field=start_time
    ${VIEW}    null    "261122110010"    field=start_time
    ${VIEW}    "261122110010"    "261122110000"    field=end_time
    ${VIEW}    "261122110000"    "261122110000"    field=end_time
    ${VIEW}    "261122110000"    "261122110010"    field=start_time    because=times
    ${VIEW}    "261322110000"    "261322110010"    field=start_time
    ${VIEW}    "260230110000"    "260301110010"    field=start_time

A Change By Another Client Is Refused
    [Tags]    PZ-N418
    ${view} =    Open Live View    channels=1-30    nfft=256    height=200
    Change By Another Client Should Be Refused    ${view}
    Change By Another Client Should Be Refused    ${view}    by=config_task

A View That Is Over Cannot Be Changed
    [Tags]    PZ-N419
    ${recording} =    Find A Recording    at_least=5 seconds
    ${view} =    Open Historic View    ${recording}    channels=1-3    height=100
    Playback Should Finish    ${view}
    Change Of Job Should Be Refused    ${view.job_id}    409    because=over
    Change Of Job Should Be Refused    ${view.job_id}    409    because=over    by=config_task

A Closed View Cannot Be Changed
    [Tags]    PZ-N420
    ${view} =    Open Live View    channels=1-3
    Close View    ${view}
    Change Of Job Should Be Refused    ${view.job_id}    404    because=job_id
    Change Of Job Should Be Refused    ${view.job_id}    404    because=job_id    by=config_task
