namespace ExecutionPipeline.Native.Tests;

public sealed class DurableFileTests
{
    private string _folder = "";

    private string File => Path.Combine(_folder, "state.json");

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("xp-durable-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldHoldAllPartsAndNothingElseWhenReplaced()
    {
        DurableFile.Replace(File, "a long content that was there"u8.ToArray());
        DurableFile.Replace(File, "one, "u8.ToArray(), default, "two"u8.ToArray());
        Assert.That(System.IO.File.ReadAllText(File), Is.EqualTo("one, two"));
        Assert.That(Directory.GetFiles(_folder), Is.EqualTo([File]));
    }

    /// <summary>What a run that was cut off has left does not matter.</summary>
    [Test]
    public void ShouldReplaceWhenAnUnfinishedFileIsThere()
    {
        System.IO.File.WriteAllText(File + DurableFile.NextSuffix, "a longer content that was never finished");
        DurableFile.Replace(File, "whole"u8.ToArray());
        Assert.That(System.IO.File.ReadAllText(File), Is.EqualTo("whole"));
    }

    [Test]
    public void ShouldLeaveTheFileAsItWasWhenTheNewOneCannotBeWritten()
    {
        DurableFile.Replace(File, "before"u8.ToArray());
        Directory.CreateDirectory(File + DurableFile.NextSuffix);
        Assert.That(
            () => DurableFile.Replace(File, "after"u8.ToArray()),
            Throws.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>());
        Assert.That(System.IO.File.ReadAllText(File), Is.EqualTo("before"));
    }

    [Test]
    public void ShouldLeaveNoUnfinishedFileWhenItCannotHaveTheName()
    {
        Directory.CreateDirectory(File);
        Assert.That(
            () => DurableFile.Replace(File, "after"u8.ToArray()),
            Throws.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>());
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.EqualTo([File]));
    }

    /// <summary>Onto another disk a move is one: the segment of a journal may have a gigabyte.</summary>
    [Test]
    public void ShouldLeaveTheFileAndNoPartOfItWhenACopyIsEnded()
    {
        System.IO.File.WriteAllText(File, "a content");
        Assert.That(
            () => DurableFile.Copy(File, File + "-copy", new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.GetFiles(_folder), Is.EqualTo([File]));
    }

    [Test]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void ShouldLetNobodyElseReadAPrivateFileWhateverLayThere()
    {
        System.IO.File.WriteAllText(File + DurableFile.NextSuffix, "readable by all");
        DurableFile.ReplacePrivate(File, "secret"u8.ToArray());
        Assert.That(
            System.IO.File.GetUnixFileMode(File), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }
}
