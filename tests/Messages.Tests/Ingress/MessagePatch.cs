using System.Runtime.InteropServices;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Tests.Ingress;

/// <summary>Changes one value of an encoded message.</summary>
internal static class MessagePatch
{
    /// <summary>Overwrites a field of the block.</summary>
    public static byte[] With<T>(this byte[] message, int fieldOffset, T value) where T : unmanaged
    {
        MemoryMarshal.Write(message.AsSpan(MessageHeader.SizeBytes + fieldOffset), in value);
        return message;
    }

    /// <summary>Overwrites a field of the header.</summary>
    public static byte[] WithHeader(this byte[] message, int fieldOffset, ushort value)
    {
        MemoryMarshal.Write(message.AsSpan(fieldOffset), in value);
        return message;
    }
}
