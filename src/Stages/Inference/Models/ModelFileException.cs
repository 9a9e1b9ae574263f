namespace ExecutionPipeline.Stages.Inference.Models;

/// <summary>A model folder cannot be used; the message names the file and what is wrong with it, in one line.</summary>
public sealed class ModelFileException : Exception
{
    public ModelFileException(string message) : base(OneLine(message))
    {
    }

    public ModelFileException(string message, Exception innerException) : base(OneLine(message), innerException)
    {
    }

    /// <summary>What the operating system says of a path, in its words for the faults that it has.</summary>
    internal static ModelFileException At(string path, Exception problem) => new(
        problem is UnauthorizedAccessException
            ? $"{path}: it may not be read or written by this user, or is of another kind"
            : $"{path}: {problem.Message.ReplaceLineEndings(" ")}",
        problem);

    // Names come from the file, and a damaged one may hold anything.
    private static string OneLine(string message) =>
        string.Create(message.Length, message, static (line, text) =>
        {
            for (var i = 0; i < line.Length; i++) line[i] = char.IsControl(text[i]) ? '?' : text[i];
        });
}
