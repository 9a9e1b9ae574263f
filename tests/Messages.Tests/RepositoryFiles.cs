namespace ExecutionPipeline.Messages.Tests;

/// <summary>Finds files of the repository from wherever the tests run.</summary>
internal static class RepositoryFiles
{
    public static string Find(string relativePath)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ExecutionPipeline.sln")))
                return Path.Combine(folder.FullName, relativePath);
        }

        throw new FileNotFoundException("No folder above the tests has ExecutionPipeline.sln.");
    }
}
