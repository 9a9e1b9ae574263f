namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>Work that a thread of its own does in turns.</summary>
public interface IHotAgent
{
    string Name { get; }

    /// <summary>Called once on the thread, before the first turn, with the thread's account.</summary>
    void OnStart(HotThread thread)
    {
    }

    /// <summary>One turn, which never waits. Returns how much was done; 0 lets the thread idle.</summary>
    int DoWork();
}
