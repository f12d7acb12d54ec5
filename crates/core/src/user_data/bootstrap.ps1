# Runs once on a new server, as EC2Launch v2 starts it: fetches the agent, makes sure that it is the one that was
# promised, installs its service, and ends. Safe to run again, which EC2Launch does when a restart interrupts it.
# Comment lines do not travel.
$ErrorActionPreference = 'Stop'
# With its progress bar, PowerShell 5.1 downloads a tenth as fast.
$ProgressPreference = 'SilentlyContinue'
$program = "$env:ProgramFiles\Slipway\slipway-agent.exe"
$fetched = "$program.new"
$sum = '@sha256@'
$what = 'looking for the installer'
try {
  if (-not (Test-Path $program) -or (Get-FileHash $program).Hash -ne $sum) {
    $what = 'downloading the installer'
    New-Item -Force -ItemType Directory (Split-Path $program) | Out-Null
    [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
    for ($try = 1; $try -le 8; $try++) {
      try {
        (New-Object Net.WebClient).DownloadFile('@url@', $fetched)
        break
      } catch {
        if ($try -eq 8) { throw }
        Start-Sleep -Seconds (5 * $try)
      }
    }
    $what = 'checking the installer'
    if ((Get-FileHash $fetched).Hash -ne $sum) { throw 'it is not the program that was promised' }
    Move-Item -Force $fetched $program
  }
  $what = 'installing the service'
  & $program @install@
  if ($LASTEXITCODE -ne 0) { throw "it ended with code $LASTEXITCODE" }
} catch {
  # The console is the only way to tell. Others use it, too, so it may take a few tries.
  $lines = @("the bootstrap stopped while $what", [string]$_.Exception.Message, 'terminate this server and launch again')
  for ($try = 1; $try -le 60; $try++) {
    try {
      $port = New-Object IO.Ports.SerialPort 'COM1', 115200
      $port.Open()
      foreach ($line in $lines) {
        $line = ($line -replace '[^ -~]', ' ') -replace '^(.{250}).*', '$1'
        $port.Write("@mark@ @launch@ trouble $line`n")
      }
      break
    } catch {
      Start-Sleep -Seconds 2
    } finally {
      if ($port) { $port.Dispose() }
    }
  }
}
