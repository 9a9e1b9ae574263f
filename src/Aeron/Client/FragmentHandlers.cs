using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>The interface form of <see cref="FragmentHandler"/>.</summary>
public interface IFragmentHandler
{
    /// <summary>Takes a fragment of a message, valid during the call alone.</summary>
    void OnFragment(IDirectBuffer buffer, int offset, int length, Header header);
}

/// <summary>Takes a fragment of a message, valid during the call alone.</summary>
/// <param name="buffer">Where the fragment lies.</param>
/// <param name="offset">Its first byte.</param>
/// <param name="length">Its length in bytes.</param>
/// <param name="header">What is known of it.</param>
public delegate void FragmentHandler(IDirectBuffer buffer, int offset, int length, Header header);

/// <summary>The interface form of <see cref="ControlledFragmentHandler"/>.</summary>
public interface IControlledFragmentHandler
{
    /// <summary>Takes a fragment of a message, valid during the call alone, and says how to go on.</summary>
    ControlledFragmentHandlerAction OnFragment(IDirectBuffer buffer, int offset, int length, Header header);
}

/// <summary>Takes a fragment of a message, valid during the call alone, and says how to go on.</summary>
public delegate ControlledFragmentHandlerAction ControlledFragmentHandler(
    IDirectBuffer buffer, int offset, int length, Header header);

/// <summary>How polling goes on after a fragment.</summary>
public enum ControlledFragmentHandlerAction
{
    /// <summary>Stop, and poll this fragment again.</summary>
    ABORT,

    /// <summary>Stop, and go on after this fragment next time.</summary>
    BREAK,

    /// <summary>Go on, and let the publisher know now how far this is.</summary>
    COMMIT,

    /// <summary>Go on.</summary>
    CONTINUE,
}

/// <summary>
/// What a poll hands fragments to. Implemented by structs around the handlers that applications give, so that the loop
/// is compiled for each kind and nothing is allocated to adapt one to another.
/// </summary>
internal interface IFragmentConsumer
{
    /// <summary>Takes a fragment and says how to go on.</summary>
    ControlledFragmentHandlerAction OnFragment(UnsafeBuffer buffer, int offset, int length, Header header);
}

/// <summary>A <see cref="FragmentHandler"/>.</summary>
internal readonly struct DelegateConsumer(FragmentHandler handler) : IFragmentConsumer
{
    public ControlledFragmentHandlerAction OnFragment(UnsafeBuffer buffer, int offset, int length, Header header)
    {
        handler(buffer, offset, length, header);
        return ControlledFragmentHandlerAction.CONTINUE;
    }
}

/// <summary>A <see cref="IFragmentHandler"/>.</summary>
internal readonly struct HandlerConsumer(IFragmentHandler handler) : IFragmentConsumer
{
    public ControlledFragmentHandlerAction OnFragment(UnsafeBuffer buffer, int offset, int length, Header header)
    {
        handler.OnFragment(buffer, offset, length, header);
        return ControlledFragmentHandlerAction.CONTINUE;
    }
}

/// <summary>A <see cref="ControlledFragmentHandler"/>.</summary>
internal readonly struct ControlledDelegateConsumer(ControlledFragmentHandler handler) : IFragmentConsumer
{
    public ControlledFragmentHandlerAction OnFragment(UnsafeBuffer buffer, int offset, int length, Header header) =>
        handler(buffer, offset, length, header);
}

/// <summary>A <see cref="IControlledFragmentHandler"/>.</summary>
internal readonly struct ControlledHandlerConsumer(IControlledFragmentHandler handler) : IFragmentConsumer
{
    public ControlledFragmentHandlerAction OnFragment(UnsafeBuffer buffer, int offset, int length, Header header) =>
        handler.OnFragment(buffer, offset, length, header);
}

/// <summary>Takes whole frames, headers included, that lie one after the other.</summary>
public delegate void BlockHandler(IDirectBuffer buffer, int offset, int length, int sessionId, int termId);

/// <summary>
/// Takes whole frames, headers included, as they lie in the log's file from an offset on and in a term, valid during
/// the call alone.
/// </summary>
public delegate void RawBlockHandler(
    FileStream fileStream,
    long fileOffset,
    UnsafeBuffer termBuffer,
    int termOffset,
    int length,
    int sessionId,
    int termId);
