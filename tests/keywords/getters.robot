*** Settings ***
Documentation    What all keywords have in common that return a value and check it.

Library          OperatingSystem
Library          ChangingValues.py


*** Test Cases ***
A Value Is Returned And Checked
    ${looks} =    Get Looks
    Should Be Equal    ${looks}    ${1}
    Get Looks    ==    2
    Get Looks    <    4    Too many looks

A Wrong Value Fails With What Was Seen
    Run Keyword And Expect Error    Looks: '1' (int) should be '5' (int)    Get Looks    ==    5
    Run Keyword And Expect Error    Too many looks: 2    Get Looks    <    2    Too many looks: {value}

What Does Not Fit Is Refused
    Run Keyword And Expect Error    Looks cannot be checked so: a number is written like 5, *
    ...    Get Looks    ==    five

Within Waits For What Comes
    Get Looks    ==    3    within=10 s
    Run Keyword And Expect Error    Looks: waited 0.5 s, * tries, last seen: '*' (int) should be '1' (int).
    ...    Get Looks    ==    1    within=0.5 s

Within Ends With The Timeout Of The Test
    [Documentation]    FAIL Test timeout 1 second exceeded.
    [Timeout]    1 second
    Get Looks    ==    1000    within=1 minute

During Has To Stay
    Get Looks    >    0    during=0.6 s
    Run Keyword And Expect Error    Looks: after * of 10 s it did not hold, seen: '6' (int) should be * '5' *
    ...    Get Looks    <=    5    during=10 s

Objects Are Compared By Their Names
    ${things} =    Get Things    ==    a, b    count=2
    Should Be Equal    ${things[1].place}    ${1}
    Get Things    *=    b    count=3
    Run Keyword And Expect Error    Things: * should be *    Get Things    ==    b, a    count=2

A Series Of Numbers Is A Picture
    Get Places    8
    File Should Exist    ${OUTPUT_DIR}/series-*.png
