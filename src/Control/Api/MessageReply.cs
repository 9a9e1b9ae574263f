using System.Buffers;
using System.Text.Json;
using ExecutionPipeline.Control.Link;
using Microsoft.AspNetCore.Http;

namespace ExecutionPipeline.Control.Api;

/// <summary>Answers that hold the pipeline's messages.</summary>
internal static class MessageReply
{
    private const string ContentType = "application/json; charset=utf-8";

    /// <summary>An object that the caller writes the members of.</summary>
    public static IResult Object(int status, Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return new Written(status, bytes.WrittenMemory);
    }

    /// <summary>A page: "items", and "next" for the one after it.</summary>
    public static IResult Page(MessagePage page) => Object(StatusCodes.Status200OK, writer =>
    {
        writer.WriteStartArray("items");
        foreach (var item in page.Items)
            WriteKept(writer, item);
        writer.WriteEndArray();
        if (page.Next is { } next)
            writer.WriteNumber("next", next);
        else
            writer.WriteNull("next");
    });

    /// <summary>One kept message as an object.</summary>
    public static IResult One(KeptMessage kept) =>
        Object(StatusCodes.Status200OK, writer => WriteMembers(writer, kept));

    /// <summary>An array of messages as a member.</summary>
    public static void WriteArray(Utf8JsonWriter writer, string name, IEnumerable<byte[]> messages)
    {
        writer.WriteStartArray(name);
        foreach (var message in messages)
        {
            writer.WriteStartObject();
            MessageJson.TryWriteFields(writer, message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteKept(Utf8JsonWriter writer, KeptMessage kept)
    {
        writer.WriteStartObject();
        WriteMembers(writer, kept);
        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, KeptMessage kept)
    {
        writer.WriteNumber("sequence", kept.Sequence);
        MessageJson.TryWriteFields(writer, kept.Message);
    }

    private sealed class Written(int status, ReadOnlyMemory<byte> body) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = ContentType;
            return httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
        }
    }
}
