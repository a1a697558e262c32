# Completion of relayctl for PowerShell: asks relayctl itself.

Register-ArgumentCompleter -Native -CommandName 'relayctl' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # The words before the cursor, as text: nothing of the line is run.
    $words = @()
    $end = 0
    foreach ($element in $commandAst.CommandElements) {
        if ($element.Extent.StartOffset -ge $cursorPosition) { break }
        $end = $element.Extent.EndOffset
        if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
            $words += $element.Value
        } else {
            $words += $element.Extent.Text
        }
    }
    if ($end -lt $cursorPosition) { $words += '' }

    # Not as arguments, of which some versions lose the empty ones.
    $env:RELAYCTL_COMPLETE = 'powershell'
    $env:RELAYCTL_COMPLETE_WORDS = ($words | Select-Object -Skip 1) -join "`n"
    try {
        $answer = @(& (Get-Command -Name 'relayctl' -CommandType Application -TotalCount 1) -- 2>$null)
    } finally {
        Remove-Item -Path 'Env:RELAYCTL_COMPLETE', 'Env:RELAYCTL_COMPLETE_WORDS'
    }

    # Without an answer PowerShell lists files.
    if ($answer.Count -gt 0 -and $answer[0].StartsWith('files')) { return }
    if ($answer.Count -lt 2) { return '' }
    foreach ($line in $answer[1..($answer.Count - 1)]) {
        $text, $shown, $help = $line.Split("`t", 3)
        [System.Management.Automation.CompletionResult]::new($text, $shown, 'ParameterValue', $help)
    }
}
