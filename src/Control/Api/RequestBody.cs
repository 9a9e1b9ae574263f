using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ExecutionPipeline.Control.Api;

/// <summary>
/// The JSON object of a request. Whoever reads it says what each field may be; no other field is allowed.
/// </summary>
internal sealed class RequestBody
{
    private const int MostBytes = 64 * 1024;

    private readonly JsonElement _object;
    private readonly string _path;
    private readonly HashSet<string> _read = [];

    private RequestBody(JsonElement element, string path) => (_object, _path) = (element, path);

    /// <exception cref="BadFieldException">The body is no JSON object, or it is too long.</exception>
    public static async Task<RequestBody> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > MostBytes)
            throw new BadFieldException("body", $"it is longer than {MostBytes} bytes");

        try
        {
            using var json = await JsonDocument.ParseAsync(request.Body, default, request.HttpContext.RequestAborted)
                .ConfigureAwait(false);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw new BadFieldException("body", "it must be a JSON object");

            MustBeText(json.RootElement);
            return new RequestBody(json.RootElement.Clone(), "");
        }
        catch (JsonException problem)
        {
            throw new BadFieldException("body", $"it is not JSON: {problem.Message.Split('.')[0]}");
        }
    }

    /// <summary>An object in it; null: it is not given.</summary>
    public RequestBody? Object(string name)
    {
        if (Find(name) is not { } value)
            return null;

        return value.ValueKind == JsonValueKind.Object
            ? new RequestBody(value, PathOf(name) + ".")
            : throw new BadFieldException(PathOf(name), "it must be an object");
    }

    /// <summary>A whole number in a range, as a number or as a string of digits; null: it is not given.</summary>
    public ulong? Whole(string name, ulong least, ulong most)
    {
        if (Find(name) is not { } value)
            return null;

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number
            : throw new BadFieldException(PathOf(name), $"it must be a whole number from {least} to {most}");
    }

    /// <summary>A number in a range; null: it is not given.</summary>
    public double? Number(string name, double least, double most)
    {
        if (Find(name) is not { } value)
            return null;

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
            && number >= least && number <= most
            ? number
            : throw new BadFieldException(
                PathOf(name),
                string.Create(CultureInfo.InvariantCulture, $"it must be a number from {least} to {most}"));
    }

    /// <summary>A text; null: it is not given.</summary>
    public string? Text(string name)
    {
        if (Find(name) is not { } value)
            return null;

        return value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : throw new BadFieldException(PathOf(name), "it must be a string");
    }

    /// <summary>A field that is known and not used, whatever it holds.</summary>
    public void Skip(string name) => Find(name);

    /// <summary>Says that a field is missing.</summary>
    public BadFieldException Missing(string name) => new(PathOf(name), "it must be given");

    /// <exception cref="BadFieldException">There is a field that nobody has read.</exception>
    public void MustBeRead()
    {
        foreach (var property in _object.EnumerateObject())
        {
            if (!_read.Contains(property.Name))
                throw new BadFieldException(PathOf(property.Name), "there is no such field");
        }
    }

    /// <summary>JSON may escape halves of characters, which no string can hold.</summary>
    private static void MustBeText(JsonElement element)
    {
        try
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.String:
                    element.GetString();
                    break;
                case JsonValueKind.Array:
                    foreach (var item in element.EnumerateArray())
                        MustBeText(item);
                    break;
                case JsonValueKind.Object:
                    foreach (var property in element.EnumerateObject())
                    {
                        _ = property.Name;
                        MustBeText(property.Value);
                    }

                    break;
            }
        }
        catch (InvalidOperationException)
        {
            throw new BadFieldException("body", "it has a string that is no text");
        }
    }

    private string PathOf(string name) => _path + name;

    private JsonElement? Find(string name)
    {
        _read.Add(name);
        return _object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }
}

/// <summary>Ids in addresses.</summary>
internal static class RouteId
{
    /// <exception cref="BadFieldException">It is none.</exception>
    public static ulong Of(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && id is > 0 and < ulong.MaxValue
            ? id
            : throw new BadFieldException("id", "it must be a whole number above 0");
}
