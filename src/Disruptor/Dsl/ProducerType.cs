namespace ExecutionPipeline.Disruptor.Dsl;

/// <summary>How many threads write a ring.</summary>
public enum ProducerType
{
    /// <summary>One at a time.</summary>
    Single,

    /// <summary>Several at the same time.</summary>
    Multi,
}
