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

    // Names come from the file, and a damaged one may hold anything.
    private static string OneLine(string message) =>
        string.Create(message.Length, message, static (line, text) =>
        {
            for (var i = 0; i < line.Length; i++) line[i] = char.IsControl(text[i]) ? '?' : text[i];
        });
}
