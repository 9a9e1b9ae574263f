namespace ExecutionPipeline.Control.Tests.Deploy;

/// <summary>Units, users, folders, kernel settings and containers, as their own programs see them.</summary>
public sealed class MachineFilesTests
{
    private const string Systemd = "systemd";

    // systemd's own scale goes to 10, which is shown as 100: below 2 it calls a unit safe or well.
    private const string ExposureMost = "20";

    private static readonly string[] Programs = ["/opt/xp/xpd", "/opt/xp/xp"];

    private string _folder = "";

    private static IEnumerable<string> Units() =>
        Directory.EnumerateFiles(DeployedFiles.PathOf("systemd"), "*.service").Select(Path.GetFileName)!;

    [SetUp]
    public void Make() => _folder = Directory.CreateTempSubdirectory("xp-units-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldBeTakenBySystemdWhenVerified()
    {
        var said = Tool.MustPass(Systemd, "systemd-analyze", ["verify", "--man=no", .. CopyUnits()]);

        // A key that it does not know is ignored with a word, and exit code 0.
        Assert.That(said, Is.Empty);
    }

    [TestCaseSource(nameof(Units))]
    public void ShouldBeHardenedWhenSystemdRatesIt(string unit)
    {
        CopyUnits();
        Tool.MustPass(
            Systemd, "systemd-analyze", "security", "--offline=true", $"--threshold={ExposureMost}",
            Path.Combine(_folder, unit));
    }

    [TestCaseSource(nameof(Units))]
    public void ShouldNameOptionsThatItsProgramHasWhenItIsStarted(string unit)
    {
        var text = File.ReadAllText(DeployedFiles.PathOf("systemd", unit))
            .Replace("\\\n", " ", StringComparison.Ordinal);
        var line = text.Split('\n').Single(static line => line.StartsWith("ExecStart=", StringComparison.Ordinal));
        var words = line["ExecStart=".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(Programs, Does.Contain(words[0]));
        var help = RepositoryFiles.PathOf(words[0] == "/opt/xp/xpd" ? "src/Daemon/Program.cs" : "tools/Cli");
        var source = File.Exists(help)
            ? File.ReadAllText(help)
            : string.Concat(
                Directory.EnumerateFiles(help, "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        foreach (var option in words.Where(static word => word.StartsWith("--", StringComparison.Ordinal)))
            Assert.That(source, Does.Contain($"\"{option}\""), unit);
    }

    /// <summary>
    /// Old segments of the journal are removed, audited or not, so the audit must come back by itself; and a change of
    /// xp.yaml before the pipeline's next start must not end it.
    /// </summary>
    [Test]
    public void ShouldTryAgainWithTheJournalsOwnConfigurationWhenTheAuditEnds()
    {
        var unit = File.ReadAllText(DeployedFiles.PathOf("systemd", "xp-audit.service"));

        Assert.That(unit, Does.Contain("Restart=on-failure").And.Contain("RestartSec=10s"));
        Assert.That(unit, Does.Not.Contain("RestartPreventExitStatus"));
        Assert.That(unit, Does.Contain("--journal ").And.Contain("--store ").And.Contain("--models "));
        Assert.That(unit, Does.Not.Contain("--config "));

        var compose = File.ReadAllText(DeployedFiles.PathOf("container", "compose.yaml"));
        var audit = compose[compose.IndexOf("\n  audit:\n", StringComparison.Ordinal)..];
        audit = audit[..audit.IndexOf("\n\n", StringComparison.Ordinal)];
        Assert.That(audit, Does.Contain("- --journal=").And.Contain("- --store=").And.Contain("- --models="));
        Assert.That(audit, Does.Not.Contain("--config").And.Not.Contain("xp.yaml:"));
    }

    /// <summary>What no target starts, and no runbook enables, never runs.</summary>
    [TestCaseSource(nameof(Units))]
    public void ShouldBeginWithTheTargetWhenTheRunbookWasFollowed(string unit)
    {
        var target = File.ReadAllLines(DeployedFiles.PathOf("systemd", "xp.target"))
            .Single(static line => line.StartsWith("Wants=", StringComparison.Ordinal));
        if (target["Wants=".Length..].Split(' ').Contains(unit))
            return;

        var runbook = File.ReadAllText(RepositoryFiles.PathOf("docs", "RUNBOOKS.md"));
        Assert.That(File.ReadAllText(DeployedFiles.PathOf("systemd", unit)), Does.Contain("WantedBy=xp.target"));
        Assert.That(runbook, Does.Contain($"systemctl enable {Path.GetFileNameWithoutExtension(unit)}"));
    }

    [Test]
    public void ShouldMakeTheUsersThatTheUnitsNameWhenTheyAreRead()
    {
        var said = Tool.MustPass(
            Systemd, "systemd-sysusers", $"--root={_folder}", "--dry-run", DeployedFiles.PathOf("sysusers", "xp.conf"));

        Assert.That(said, Does.Contain("Creating user 'xp'"));
        foreach (var unit in Units())
            Assert.That(File.ReadAllText(DeployedFiles.PathOf("systemd", unit)), Does.Contain("\nUser=xp\n"));
    }

    [Test]
    public void ShouldMakeTheFoldersWhenTheMachineStarts()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("folders of another user can be made by root alone");
            return;
        }

        Directory.CreateDirectory(Path.Combine(_folder, "etc"));
        Tool.MustPass(Systemd, "systemd-sysusers", $"--root={_folder}", DeployedFiles.PathOf("sysusers", "xp.conf"));
        var pages = Path.Combine(_folder, "sys/kernel/mm/transparent_hugepage/enabled");
        Directory.CreateDirectory(Path.GetDirectoryName(pages)!);
        File.WriteAllText(pages, "");

        Tool.MustPass(
            Systemd, "systemd-tmpfiles", $"--root={_folder}", "--create", "--boot",
            DeployedFiles.PathOf("tmpfiles", "xp.conf"));

        Assert.That(File.GetUnixFileMode(Path.Combine(_folder, "etc/xp/credentials")), Is.EqualTo(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        Assert.That(File.ReadAllText(pages), Is.EqualTo("madvise"));
    }

    [Test]
    public void ShouldAddToTheKernelsCommandLineWhenTheDropInIsRead()
    {
        var said = Tool.MustPass(
            "bash", "bash", "-uc",
            $"GRUB_CMDLINE_LINUX_DEFAULT=quiet; . '{DeployedFiles.PathOf("kernel", "60-xp.cfg")}'; "
            + "echo \"$GRUB_CMDLINE_LINUX_DEFAULT\"");

        Assert.That(said, Does.StartWith("quiet isolcpus=managed_irq,domain,2-7 nohz_full=2-7 rcu_nocbs=2-7 "));
        Assert.That(said, Does.Not.Contain("mce=off"), "memory that fails must be told of");
    }

    [Test]
    public void ShouldNameKernelSettingsThatThereAreWhenTheyAreSet()
    {
        var lines = File.ReadAllLines(DeployedFiles.PathOf("sysctl", "60-xp.conf"))
            .Where(static line => line.Length > 0 && line[0] != '#').Select(static line => line.Split(" = ")).ToList();
        Assert.That(lines, Has.Count.GreaterThan(8));
        Assert.That(lines, Has.All.Length.EqualTo(2));
        foreach (var line in lines.Where(static line => line[0].StartsWith("vm.", StringComparison.Ordinal)))
        {
            // Networks and processors are not the same in every machine, but memory is.
            var file = Path.Combine("/proc/sys", line[0].Replace('.', '/'));
            Assert.That(!OperatingSystem.IsLinux() || File.Exists(file), Is.True, file);
        }
    }

    [Test]
    public void ShouldBeTakenByComposeWhenChecked()
    {
        var file = DeployedFiles.PathOf("container", "compose.yaml");
        var said = Tool.MustPass(
            "docker-compose", "docker-compose", "-f", file, "--profile", "audit", "--profile", "demo", "config",
            "--services");

        Assert.That(
            said.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.SupersetOf((string[])
                ["driver", "pipeline", "control", "engine", "prometheus", "alertmanager", "postgres", "audit"]));
        Assert.That(File.ReadAllText(file), Does.Not.Contain("privileged: true").And.Not.Contain("ports:"));
    }

    /// <summary>What the image's second part runs, with programs that only say what they would do.</summary>
    [Test]
    public void ShouldMakeTheFoldersOfItsVolumesWhenTheImageIsBuilt()
    {
        const string tell = """
            groupadd() { :; }
            useradd() { :; }
            mkdir() { shift; for one; do [[ $one == /* ]] || exit 1; echo "made $one"; done; }
            chown() {
              [[ $1 == xp:xp ]] || exit 1
              shift
              for one; do [[ $one == /* ]] || exit 1; echo "owned $one"; done
            }

            """;
        var file = File.ReadAllText(DeployedFiles.PathOf("container", "Containerfile"));
        var run = file[file.IndexOf("RUN groupadd", StringComparison.Ordinal)..]["RUN ".Length..];
        run = run[..run.IndexOf("\nCOPY", StringComparison.Ordinal)];

        var said = Tool.MustPass("bash", "bash", "-euc", tell + run).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var compose = File.ReadAllText(DeployedFiles.PathOf("container", "compose.yaml"));
        string[] written = ["/var/lib/xp", "/var/lib/audit"];
        Assert.That(compose, Does.Contain("state:/var/lib/xp").And.Contain("audit:/var/lib/audit"));
        var made = written.Append("/etc/xp").Select(static one => $"made {one}");
        Assert.That(said, Is.EquivalentTo(made.Concat(written.Select(static one => $"owned {one}"))));
    }

    /// <summary>Copies the units, with a program that every machine has. Returns their paths.</summary>
    private List<string> CopyUnits()
    {
        var copies = new List<string>();
        foreach (var file in Directory.EnumerateFiles(DeployedFiles.PathOf("systemd")))
        {
            var copy = Path.Combine(_folder, Path.GetFileName(file));
            var text = Programs.Aggregate(
                File.ReadAllText(file),
                static (text, program) => text.Replace(program + " ", "/bin/true ", StringComparison.Ordinal));
            File.WriteAllText(copy, text);
            copies.Add(copy);
        }

        return copies;
    }
}
