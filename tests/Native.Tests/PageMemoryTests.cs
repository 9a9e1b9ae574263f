namespace ExecutionPipeline.Native.Tests;

[Platform("Linux")]
public sealed class PageMemoryTests
{
    /// <summary>Below the lowest address that Linux lets a program map.</summary>
    private const nint Unmapped = 4096;

    [Test]
    public void ShouldSayWhatToRaiseWhenMemoryCannotBeLocked()
    {
        Assert.That(
            () => PageMemory.Lock(Unmapped, 8192),
            Throws.TypeOf<IOException>()
                .With.Message.StartsWith("cannot lock 8 KiB")
                .And.Message.Contains("ulimit -l"));
    }

    [Test]
    public void ShouldSayWhatToSetWhenThereAreNoHugePages()
    {
        Assert.That(
            () => PageMemory.UseHugePages(nint.MaxValue - (4 * PageMemory.HugePageBytes), 2 * PageMemory.HugePageBytes),
            Throws.TypeOf<IOException>().With.Message.Contains("transparent_hugepage"));
    }

    [Test]
    public void ShouldAskForNothingWhenNoWholeHugePageLiesInTheRange()
    {
        Assert.That(() => PageMemory.UseHugePages(Unmapped, 8192), Throws.Nothing);
    }
}
