using System.Diagnostics;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Aeron.Protocol;
using Folder = System.IO.Directory;

namespace ExecutionPipeline.Aeron.Tests.Driver;

/// <summary>
/// The folder's name can be guessed, so that somebody else may make it first: a driver uses only what is its user's
/// own.
/// </summary>
public sealed class FolderGuardTests : AeronTestBase
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private string CncPath => Path.Combine(Directory, CncFileDescriptor.CNC_FILE);

    private string Elsewhere => Directory + "-elsewhere";

    [SetUp]
    public void RequireFileModes()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Windows has no file modes");
    }

    [TearDown]
    public void DeleteElsewhere()
    {
        if (File.Exists(Directory) || new DirectoryInfo(Directory).LinkTarget is not null)
            File.Delete(Directory);

        if (Folder.Exists(Elsewhere))
            Folder.Delete(Elsewhere, recursive: true);
    }

    [TestCase(UnixFileMode.GroupWrite)]
    [TestCase(UnixFileMode.OtherWrite)]
    public void ShouldRefuseAFolderWhenOthersMayWriteThere(UnixFileMode mode)
    {
        Make(Directory, Private | mode);
        AssertRefused(Directory, "chmod go-w");
    }

    [Test]
    public void ShouldUseAFolderWhenOthersMayOnlyRead()
    {
        Make(Directory, Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        LaunchDriver();
        Connect().AddPublication(Channel, StreamId);
    }

    [Test]
    public void ShouldRefuseAFolderWhenItIsALink()
    {
        Make(Elsewhere, Private);
        Folder.CreateSymbolicLink(Directory, Elsewhere);
        AssertRefused(Directory, "a link");
        Assert.That(Folder.EnumerateFileSystemEntries(Elsewhere), Is.Empty);
    }

    [TestCase("publications")]
    [TestCase("images")]
    public void ShouldRefuseASubfolderWhenItIsALink(string name)
    {
        Make(Directory, Private);
        Make(Elsewhere, Private);
        var log = Path.Combine(Elsewhere, "1.logbuffer");
        File.WriteAllText(log, "somebody's");
        var subfolder = Path.Combine(Directory, name);
        Folder.CreateSymbolicLink(subfolder, Elsewhere);
        AssertRefused(subfolder, "a link");
        Assert.That(File.Exists(log), Is.True);
    }

    [TestCase("publications")]
    [TestCase("images")]
    public void ShouldRefuseASubfolderWhenOthersMayWriteThere(string name)
    {
        Make(Directory, Private);
        var subfolder = Path.Combine(Directory, name);
        Make(subfolder, Private | UnixFileMode.GroupWrite);
        AssertRefused(subfolder, "chmod go-w");
    }

    [Test]
    public void ShouldRefuseALinkWhenItIsNamedWithASeparatorAtItsEnd()
    {
        Make(Elsewhere, Private);
        Folder.CreateSymbolicLink(Directory, Elsewhere);
        Assert.That(
            () => LaunchDriver(context => context.AeronDirectoryName(Directory + Path.DirectorySeparatorChar)),
            Throws.TypeOf<UnauthorizedAccessException>());
    }

    [Test]
    public void ShouldRefuseAFolderWhenItIsAnotherUsers()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            Assert.Ignore("only root can give a folder away");

        Make(Directory, Private);
        using (var chown = Process.Start("chown", ["65534", Directory]))
            chown.WaitForExit();

        AssertRefused(Directory, "user 65534");
    }

    private void AssertRefused(string folder, string what)
    {
        File.WriteAllText(CncPath, "somebody's");
        Assert.That(
            () => LaunchDriver(),
            Throws.TypeOf<UnauthorizedAccessException>().With.Message.Contain(folder).And.Message.Contain(what));
        Assert.That(MediaDriver.TryDeleteAbandoned(Directory), Is.False);
        Assert.That(File.ReadAllText(CncPath), Is.EqualTo("somebody's"));
        File.Delete(CncPath);
    }

    private static void Make(string folder, UnixFileMode mode)
    {
        Folder.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, mode);
    }
}
