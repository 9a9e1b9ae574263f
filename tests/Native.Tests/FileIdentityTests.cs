using System.Diagnostics;
using System.Globalization;

namespace ExecutionPipeline.Native.Tests;

public sealed class FileIdentityTests
{
    private string _folder = "";

    [SetUp]
    public void CreateFolder()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("files are known on Linux alone");

        _folder = Directory.CreateTempSubdirectory().FullName;
    }

    [TearDown]
    public void DeleteFolder()
    {
        if (_folder.Length > 0)
            Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void ShouldSayWhatTheSystemSaysWhenAFileIsThere()
    {
        var path = Path.Combine(_folder, "file");
        File.WriteAllText(path, "");
        using var stat = Process.Start(
            new ProcessStartInfo("stat", ["--format=%i %u", path]) { RedirectStandardOutput = true })!;
        var words = stat.StandardOutput.ReadToEnd().Split(' ');
        stat.WaitForExit();

        var identity = FileIdentity.OfPath(path)!.Value;
        Assert.That(identity.Inode, Is.EqualTo(ulong.Parse(words[0], CultureInfo.InvariantCulture)));
        Assert.That(identity.Owner, Is.EqualTo(uint.Parse(words[1], CultureInfo.InvariantCulture)));
        Assert.That(identity.Owner, Is.EqualTo(FileIdentity.CurrentUser));
    }

    [Test]
    public void ShouldTellFilesApartWhenOneTookTheOthersPath()
    {
        var path = Path.Combine(_folder, "file");
        using var first = File.Create(path);
        Assert.That(FileIdentity.OfPath(path), Is.EqualTo(FileIdentity.OfFile(first.SafeFileHandle)));
        File.Delete(path);
        Assert.That(FileIdentity.OfPath(path), Is.Null);
        using var second = File.Create(path);
        Assert.That(FileIdentity.OfPath(path), Is.Not.EqualTo(FileIdentity.OfFile(first.SafeFileHandle)));
        Assert.That(FileIdentity.OfPath(path), Is.EqualTo(FileIdentity.OfFile(second.SafeFileHandle)));
    }

    [Test]
    public void ShouldTellALinkFromWhatItLeadsToWhenThePathIsALink()
    {
        var link = Path.Combine(_folder, "link");
        Directory.CreateSymbolicLink(link, _folder);
        Assert.That(FileIdentity.OfPath(link), Is.Not.EqualTo(FileIdentity.OfPath(_folder)));
    }
}
