using System.Globalization;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>Reads the values of channel parameters.</summary>
internal static class UriValues
{
    /// <summary>Reads a channel; what is wrong with it becomes the answer to the command.</summary>
    public static ChannelUri Parse(string channel)
    {
        try
        {
            return ChannelParameters.Check(ChannelUri.Parse(channel));
        }
        catch (ArgumentException exception)
        {
            throw new ControlProtocolException(ErrorCode.INVALID_CHANNEL, exception.Message);
        }
    }

    /// <summary>A whole number.</summary>
    public static int? Int(ChannelUri uri, string key)
    {
        if (uri.Get(key) is not { } text)
            return null;

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Invalid(uri, key, text, "must be a number");
    }

    /// <summary>A number of up to 64 bits.</summary>
    public static long? Long(ChannelUri uri, string key)
    {
        if (uri.Get(key) is not { } text)
            return null;

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Invalid(uri, key, text, "must be a number");
    }

    /// <summary>True or false; anything else than true is false.</summary>
    public static bool IsTrue(ChannelUri uri, string key, bool defaultValue) =>
        uri.Get(key) is { } text ? text == "true" : defaultValue;

    /// <summary>Bytes: a number, and k, m or g for the powers of 1024.</summary>
    public static long? Size(ChannelUri uri, string key) => Parse(uri, key, SystemUtil.ParseSize);

    /// <summary>Nanoseconds: a number with ns, us, ms or s, or without for nanoseconds.</summary>
    public static long? DurationNs(ChannelUri uri, string key) => Parse(uri, key, SystemUtil.ParseDuration);

    /// <summary>True for a channel of responses.</summary>
    public static bool IsResponse(ChannelUri uri) => uri.Get("control-mode") == "response";

    /// <summary>The position that a stream is to begin at; null when the channel names none.</summary>
    public static (int InitialTermId, int TermId, int TermOffset)? Position(ChannelUri uri, int maxTermOffset)
    {
        var initialTermId = Int(uri, "init-term-id");
        var termId = Int(uri, "term-id");
        var termOffset = Int(uri, "term-offset");
        if (initialTermId is null && termId is null && termOffset is null)
            return null;

        if (initialTermId is null || termId is null || termOffset is null)
            throw new ControlProtocolException(
                ErrorCode.INVALID_CHANNEL,
                $"params must be used as a complete set: init-term-id term-id term-offset channel={uri}");

        if (termOffset < 0 || termOffset > maxTermOffset)
            throw Invalid(uri, "term-offset", $"{termOffset}", $"must be from 0 to {maxTermOffset}");

        if (!FrameDescriptor.IsFrameAligned(termOffset.Value))
            throw Invalid(uri, "term-offset", $"{termOffset}", "must be a multiple of FRAME_ALIGNMENT");

        if (unchecked(termId.Value - initialTermId.Value) < 0)
            throw Invalid(uri, "term-id", $"{termId}", $"is more than 2^31 - 1 after init-term-id={initialTermId}");

        return (initialTermId.Value, termId.Value, termOffset.Value);
    }

    /// <summary>The error of a parameter that cannot be.</summary>
    public static ControlProtocolException Invalid(ChannelUri uri, string key, string value, string reason) =>
        new(ErrorCode.INVALID_CHANNEL, $"invalid {key}={value}, {reason}: channel={uri}");

    private static long? Parse(ChannelUri uri, string key, Func<string, string, long> parse)
    {
        try
        {
            return uri.Get(key) is { } text ? parse(key, text) : null;
        }
        catch (FormatException exception)
        {
            throw new ControlProtocolException(
                ErrorCode.INVALID_CHANNEL, $"invalid {exception.Message}: channel={uri}");
        }
    }
}
