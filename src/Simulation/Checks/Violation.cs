namespace ExecutionPipeline.Simulation.Checks;

/// <summary>Takes the first rule that was broken.</summary>
internal sealed class ViolationLog
{
    /// <summary>In one sentence; null: none was broken.</summary>
    public string? First { get; private set; }

    /// <summary>The event after which it was seen.</summary>
    public long Event { get; private set; }

    /// <summary>Is told what happens, a line each; null: nobody is.</summary>
    public Action<string>? Trace { get; init; }

    /// <summary>The event that is handled.</summary>
    public long Sequence { get; set; }

    public void Add(string sentence)
    {
        if (First is not null)
            return;

        First = sentence;
        Trace?.Invoke($"{Sequence} BROKEN {sentence}");
        Event = Sequence;
    }

    /// <summary>Holds a rule, whose breach the message tells.</summary>
    public void Hold(bool isKept, Func<string> message)
    {
        if (!isKept)
            Add(message());
    }
}
