namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>Takes one message of a ring or broadcast buffer, valid during the call alone.</summary>
/// <param name="msgTypeId">The type it was written with, 1 or more.</param>
/// <param name="buffer">Where the message lies.</param>
/// <param name="index">Its first byte.</param>
/// <param name="length">Its length in bytes.</param>
public delegate void MessageHandler(int msgTypeId, UnsafeBuffer buffer, int index, int length);
