namespace ExecutionPipeline.Disruptor;

/// <summary>Gives access to events in their slots.</summary>
public interface IValueDataProvider<T>
{
    /// <summary>The slot of the event with this sequence.</summary>
    ref T this[long sequence] { get; }
}
