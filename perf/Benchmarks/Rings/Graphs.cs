namespace ExecutionPipeline.Benchmarks.Rings;

/// <summary>Ways to put handlers behind a ring. Each returns the last handlers.</summary>
public static class Graphs
{
    public static IValueEventHandler<T>[] One<T>(ValueDisruptor<T> disruptor, Func<IValueEventHandler<T>> newHandler)
        where T : struct
    {
        var handler = newHandler();
        disruptor.HandleEventsWith(handler);
        return [handler];
    }

    public static IValueEventHandler<T>[] ChainOfFour<T>(
        ValueDisruptor<T> disruptor,
        Func<IValueEventHandler<T>> newHandler)
        where T : struct
    {
        var last = newHandler();
        disruptor.HandleEventsWith(newHandler()).Then(newHandler()).Then(newHandler()).Then(last);
        return [last];
    }

    public static IValueEventHandler<T>[] Diamond<T>(
        ValueDisruptor<T> disruptor,
        Func<IValueEventHandler<T>> newHandler)
        where T : struct
    {
        var last = newHandler();
        disruptor.HandleEventsWith(newHandler(), newHandler()).Then(last);
        return [last];
    }
}
