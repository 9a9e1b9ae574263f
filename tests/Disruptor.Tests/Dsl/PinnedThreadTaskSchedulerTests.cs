using ExecutionPipeline.Disruptor.Tests.Support;
using ExecutionPipeline.Native;

namespace ExecutionPipeline.Disruptor.Tests.Dsl;

public sealed class PinnedThreadTaskSchedulerTests
{
    [Test]
    public void ShouldGiveEachHandlerANamedThreadWhenTheDisruptorStarts()
    {
        var names = new string?[2];
        var allowed = new int[2][];
        RecordingHandler<TestEvent> NewHandler(int index) => new()
        {
            OnStartAction = () =>
            {
                names[index] = Thread.CurrentThread.Name;
                allowed[index] = ThreadAffinity.Allowed();
            },
        };

        var processor = ThreadAffinity.Allowed()[0];
        var scheduler = new PinnedThreadTaskScheduler(new PinnedThreadOptions
        {
            Processors = [processor],
            ThreadName = "stage",
        });
        using var disruptor = new ValueDisruptor<TestEvent>(() => default, 16, scheduler);
        disruptor.HandleEventsWith(NewHandler(0)).Then(NewHandler(1));
        Eventually.Completes(disruptor.Start(), "start");
        disruptor.RingBuffer.PublishValues(1);
        Eventually.Completes(disruptor.Shutdown(Eventually.Limit), "shutdown");

        Assert.That(names, Is.EqualTo(new[] { "stage-0", "stage-1" }));
        Assert.That(scheduler.ThreadCount, Is.EqualTo(2));
        if (scheduler.PinnedCount == 1)
            Assert.That(allowed[0], Is.EqualTo(new[] { processor }));
        else
            Assert.That(OperatingSystem.IsLinux(), Is.False, "a processor of the process's own set can be pinned to");
    }

    [Test]
    public void ShouldRunAndSaySoWhenTheProcessorDoesNotExist()
    {
        var scheduler = new PinnedThreadTaskScheduler(new PinnedThreadOptions
        {
            Processors = [ThreadAffinity.MaxProcessors],
        });
        var task = Task.Factory.StartNew(() => 42, default, TaskCreationOptions.LongRunning, scheduler);

        Assert.That(Eventually.Result(task, "task"), Is.EqualTo(42));
        Assert.That(scheduler.PinnedCount, Is.Zero);
    }

    [Test]
    public void ShouldUseThePoolWhenTheTaskIsShort()
    {
        var scheduler = new PinnedThreadTaskScheduler(new PinnedThreadOptions());
        var task = Task.Factory.StartNew(
            () => Thread.CurrentThread.IsThreadPoolThread,
            default,
            TaskCreationOptions.None,
            scheduler);

        Assert.That(Eventually.Result(task, "task"), Is.True);
        Assert.That(scheduler.ThreadCount, Is.Zero);
    }

    [Test]
    public void ShouldRefuseWhenAnOptionIsWrong()
    {
        Assert.Multiple(() =>
        {
            Assert.That(
                () => new PinnedThreadTaskScheduler(new PinnedThreadOptions { Processors = [0, -1] }),
                Throws.ArgumentException.With.Message.Contains("-1"));
            Assert.That(
                () => new PinnedThreadTaskScheduler(new PinnedThreadOptions { ThreadName = " " }),
                Throws.ArgumentException.With.Message.Contains("ThreadName"));
        });
    }
}
