using System.Diagnostics;

namespace ExecutionPipeline.Audit.Tests.Store;

/// <summary>A server of PostgreSQL in a temporary folder, which only a socket of that folder leads to.</summary>
internal sealed class PostgresServer : IDisposable
{
    private const string PackageFolder = "/usr/lib/postgresql";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly string _bin;
    private readonly string _folder = Directory.CreateTempSubdirectory("xp-pg-").FullName;

    private PostgresServer(string bin)
    {
        _bin = bin;
        // The server refuses to run as root.
        if (IsRoot)
            Run("chown", "postgres", _folder);
        RunAsServer("initdb", "-D", Data, "-U", "audit", "--auth=trust", "--no-sync", "-E", "UTF8");
        Start();
    }

    public string ConnectionString => $"Host={_folder};Username=audit;Database=postgres;Pooling=true;Timeout=5";

    private static bool IsRoot => Environment.UserName == "root";

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Starts one; without the package the test is skipped.</summary>
    public static PostgresServer StartOrSkip()
    {
        var bin = Directory.Exists(PackageFolder)
            ? Directory.EnumerateDirectories(PackageFolder).Select(static version => Path.Combine(version, "bin"))
                .FirstOrDefault(static folder => File.Exists(Path.Combine(folder, "initdb")))
            : null;
        if (bin is null)
            Assert.Ignore("there is no PostgreSQL here: install Debian's package postgresql");
        return new PostgresServer(bin!);
    }

    /// <summary>Has the server carry out a text of SQL.</summary>
    public void Execute(string sql, string database = "postgres") =>
        RunAsServer("psql", "-h", _folder, "-U", "audit", "-d", database, "-v", "ON_ERROR_STOP=1", "-c", sql);

    public void Start() => RunAsServer(
        "pg_ctl", "-D", Data, "-l", Path.Combine(_folder, "log"), "-w", "-o", $"-k {_folder} -c listen_addresses=''",
        "start");

    public void Stop() => RunAsServer("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");

    public void Dispose()
    {
        Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private void RunAsServer(string program, params string[] arguments)
    {
        var path = Path.Combine(_bin, program);
        if (IsRoot)
            Run("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments]);
        else
            Run(path, arguments);
    }

    private void Run(string program, params string[] arguments)
    {
        // Its output goes to a file: the server would keep a pipe open.
        var log = Path.Combine(Path.GetTempPath(), Path.GetFileName(_folder) + ".out");
        var words = arguments.Prepend(program).Select(static word => $"'{word.Replace("'", "'\\''")}'");
        var line = string.Join(' ', words);
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"{line} >'{log}' 2>&1 </dev/null"])
        {
            WorkingDirectory = Path.GetTempPath(),
        };
        using var process = Process.Start(start)!;
        var hasEnded = process.WaitForExit(Timeout);
        var output = File.Exists(log) ? File.ReadAllText(log) : "";
        File.Delete(log);
        Assert.That(hasEnded && process.ExitCode == 0, $"{program} failed: {output}");
    }
}
