using System.Runtime.InteropServices;

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

    [Test]
    public void ShouldBringTheHeapIntoMemoryAndLeaveItAsItIs()
    {
        const int length = 32 << 20;
        var bytes = GC.AllocateArray<byte>(length, pinned: true);
        bytes[length / 2] = 7;

        Assert.That(PageMemory.TouchOwn(), Is.GreaterThan(length));

        var wholePages = length / Environment.SystemPageSize - 1;
        Assert.That(
            ResidentOf(Marshal.UnsafeAddrOfPinnedArrayElement(bytes, 0), wholePages), Is.EqualTo(wholePages));
        Assert.That((bytes[length / 2], bytes.Sum(static one => (int)one)), Is.EqualTo(((byte)7, 7)));
    }

    /// <summary>Pages of a range that are in memory, by the system's page map.</summary>
    private static int ResidentOf(nint address, int pages)
    {
        const int entryBytes = 8;
        const ulong present = 1UL << 63;
        var page = Environment.SystemPageSize;
        using var map = File.OpenRead("/proc/self/pagemap");
        using var reader = new BinaryReader(map);
        var resident = 0;
        map.Position = (address + page - 1) / page * entryBytes;
        for (var i = 0; i < pages; i++)
            resident += (reader.ReadUInt64() & present) != 0 ? 1 : 0;
        return resident;
    }
}
