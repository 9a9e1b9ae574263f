namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>A loop's body: called over and over by one thread, or by whoever owns the invoker.</summary>
public interface IAgent
{
    /// <summary>Called once, on the agent's thread, before the first <see cref="DoWork"/>.</summary>
    void OnStart();

    /// <summary>Does what there is to do without waiting; returns how much that was, zero to idle.</summary>
    int DoWork();

    /// <summary>Called once, on the agent's thread, after the last <see cref="DoWork"/>.</summary>
    void OnClose();

    /// <summary>The thread's name.</summary>
    string RoleName();
}
