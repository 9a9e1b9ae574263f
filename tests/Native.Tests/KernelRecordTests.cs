namespace ExecutionPipeline.Native.Tests;

public class KernelRecordTests
{
    [Test]
    public void ShouldTellOfTheThreadWhenItSleepsAndTouchesNewMemory()
    {
        using var record = KernelRecord.TryOpen(ThreadAffinity.Allowed(), out var problem);
        if (record is null)
            Assert.Ignore(problem!);

        var clock = default(KernelClocks);
        var thread = 0;
        var beginNs = clock.MonotonicNs();
        var sleeper = new Thread(() =>
        {
            thread = int.Parse(Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget!));
            ThreadPark.SleepNs(5_000_000);
            var fresh = GC.AllocateUninitializedArray<byte>(64 << 20);
            for (var i = 0; i < fresh.Length; i += 4_096)
                fresh[i] = 1;
        });
        sleeper.Start();
        sleeper.Join();
        var endNs = clock.MonotonicNs();
        List<KernelEvent> events = [];
        record.Read(events);
        var own = events.Where(e => e.Thread == thread && e.AtNs >= beginNs && e.AtNs <= endNs).ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(own.Count(static e => e.Kind == KernelEventKind.GaveUp), Is.Positive);
            Assert.That(own.Count(static e => e.Kind == KernelEventKind.PageFault), Is.Positive);
            Assert.That(
                own.Find(static e => e.Kind == KernelEventKind.GaveUp).AtNs,
                Is.LessThan(own.FindLast(static e => e.Kind == KernelEventKind.Began).AtNs));
        }
    }

    [Test]
    public void ShouldTellOfTheTimersInterruptsWhenAThreadSpins()
    {
        using var record = KernelRecord.TryOpen(ThreadAffinity.Allowed(), out var problem);
        if ((problem ?? record!.InterruptProblem) is { } missing)
            Assert.Ignore(missing);

        var thread = 0;
        List<KernelEvent> events = [];
        var spinner = new Thread(() =>
        {
            thread = int.Parse(Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget!));
            while (!HasWholeInterrupt(events, thread))
                record!.Read(events);
        });
        spinner.Start();

        Assert.That(spinner.Join(TimeSpan.FromSeconds(30)), Is.True);
        var began = events.Find(e => e.Kind == KernelEventKind.InterruptBegan && e.Thread == thread);
        var ended = events.Find(e => e.Kind == KernelEventKind.InterruptEnded && e.Thread == thread);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ended.AtNs, Is.GreaterThan(began.AtNs));
            Assert.That(record!.InterruptName(began.Other), Is.Not.Empty);
        }
    }

    private static bool HasWholeInterrupt(List<KernelEvent> events, int thread) =>
        events.Exists(e => e.Kind == KernelEventKind.InterruptEnded && e.Thread == thread);

    [Test]
    public void ShouldSayWhyWhenAProcessorDoesNotExist()
    {
        using var record = KernelRecord.TryOpen([100_000], out var problem);

        Assert.That(record, Is.Null);
        Assert.That(problem, Is.Not.Empty);
    }
}
